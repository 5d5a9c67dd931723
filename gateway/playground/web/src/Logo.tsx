/** Weft: threads that go over and under each other. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b3b3c" />
      <g fill="none" strokeWidth="3.4" strokeLinecap="round">
        <path stroke="#f4b860" d="M6 10.5h3.6M14.4 10.5H26M6 16h11.6M22.4 16H26M6 21.5h3.6M14.4 21.5H26" />
        <path stroke="#3fd0b6" d="M12 6v7.6M12 18.4V26M20 6v2.1M20 12.9v13.1M20 12.9v6.2" />
      </g>
    </svg>
  );
}
