package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc, USER_HZ, which Linux keeps at 100 for all programs.
const tick = 10 * time.Millisecond

// usage is what a process and those that it started used so far.
type usage struct {
	cpu time.Duration
	// resident is the memory in RAM now, peak the most that it was, in bytes.
	resident, peak int64
}

// usageOf reads the usage of a process with all its descendants: some gateways are several processes.
func usageOf(pid int) (usage, error) {
	stats, err := processes()
	if err != nil {
		return usage{}, err
	}
	if _, ok := stats[pid]; !ok {
		return usage{}, fmt.Errorf("there is no process %d", pid)
	}
	var sum usage
	for id, s := range stats {
		if !descends(stats, id, pid) {
			continue
		}
		sum.cpu += s.cpu
		resident, peak, err := memory(id)
		if err != nil {
			return usage{}, err
		}
		sum.resident += resident
		sum.peak += peak
	}
	return sum, nil
}

type stat struct {
	parent int
	cpu    time.Duration
}

func processes() (map[int]stat, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("CPU times are read from /proc, which this system does not have")
	}
	stats := map[int]stat{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(file))) // digits, by the pattern
		if s, err := parseStat(string(text)); err == nil {
			stats[id] = s
		}
	}
	return stats, nil
}

// parseStat reads a line of /proc/PID/stat (proc(5)). The command's name is in parentheses and may hold anything.
func parseStat(line string) (stat, error) {
	i := strings.LastIndexByte(line, ')')
	fields := strings.Fields(line[i+1:])
	const parent, user, system = 1, 11, 12 // of the fields after the name
	if i < 0 || len(fields) <= system {
		return stat{}, fmt.Errorf("%q is not a process's stat line", line)
	}
	p, err1 := strconv.Atoi(fields[parent])
	u, err2 := strconv.ParseInt(fields[user], 10, 64)
	s, err3 := strconv.ParseInt(fields[system], 10, 64)
	return stat{parent: p, cpu: time.Duration(u+s) * tick}, errors.Join(err1, err2, err3)
}

func descends(stats map[int]stat, id, from int) bool {
	for range stats { // no chain is longer
		if id == from {
			return true
		}
		s, ok := stats[id]
		if !ok {
			return false
		}
		id = s.parent
	}
	return false
}

func memory(pid int) (resident, peak int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "VmRSS":
			resident, err = kilobytes(value)
		case "VmHWM":
			peak, err = kilobytes(value)
		}
		if err != nil {
			return 0, 0, err
		}
	}
	return resident, peak, nil
}

func kilobytes(text string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
	return n << 10, err
}
