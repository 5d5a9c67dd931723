package seed

import (
	"regexp"
	"slices"
	"testing"
)

func TestShop(t *testing.T) {
	shop, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(shop.Products) != 200 || len(shop.Customers) != 80 || len(shop.Warehouses) != 4 {
		t.Errorf("%d products, %d customers, %d warehouses, want 200, 80 and 4",
			len(shop.Products), len(shop.Customers), len(shop.Warehouses))
	}
	sku := regexp.MustCompile(`^[A-Z]{4}-[A-Z0-9]{1,4}$`)
	seen := map[string]bool{}
	for _, p := range shop.Products {
		if !sku.MatchString(p.SKU) || seen[p.SKU] || seen[p.Name] || p.Name == "" || p.Price < 100 || p.Weight < 1 {
			t.Errorf("product %+v", p)
		}
		seen[p.SKU], seen[p.Name] = true, true
	}
	id := regexp.MustCompile(`^[a-z]+(\.[a-z]+)?$`)
	for _, c := range shop.Customers {
		if !id.MatchString(c.ID) || seen[c.ID] || seen[c.Name] || c.Name == "" {
			t.Errorf("customer %+v", c)
		}
		seen[c.ID], seen[c.Name] = true, true
	}
	if !seen["alice"] || !seen["bob"] {
		t.Error("alice or bob, who can log in, are no customers")
	}
	for _, w := range shop.Warehouses {
		if len(w.ID) != 3 || seen[w.ID] || w.Name == "" || w.City == "" || len(w.Country) != 2 {
			t.Errorf("warehouse %+v", w)
		}
		seen[w.ID] = true
	}
	if !First.Before(Last) {
		t.Error("the shop's history ends before it begins")
	}
}

func TestRandomIsTheSameEverywhere(t *testing.T) {
	r := NewRandom(1234567)
	// The first outputs of SplitMix64 from this start, as its author publishes them.
	for _, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := r.next(); got != want {
			t.Fatalf("next = %d, want %d", got, want)
		}
	}
}

func TestChoices(t *testing.T) {
	r := NewRandom(1)
	counts := make([]int, 3)
	yes := 0
	for range 10_000 {
		counts[r.Weighted(1, 2, 7)]++
		if r.Chance(25) {
			yes++
		}
		if n := r.Below(3); n < 0 || n > 2 {
			t.Fatalf("Below(3) = %d", n)
		}
	}
	if !slices.IsSorted(counts) || counts[0] < 850 || counts[0] > 1150 || counts[2] < 6800 || counts[2] > 7200 {
		t.Errorf("weights 1, 2, 7 were chosen %v times", counts)
	}
	if yes < 2350 || yes > 2650 {
		t.Errorf("a chance of 25%% came %d times in 10,000", yes)
	}
}

func TestBadSeedFilesAreRefused(t *testing.T) {
	for name, file := range map[string]string{
		"a field too few":  "a,b\n1\n",
		"an open quote":    "a,b\n\"1,2\n",
		"a wrong quantity": "a,b,c\n1,2,3\n",
	} {
		if err := records("x.csv", []byte(file), 2, func([]string) error { return nil }); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
