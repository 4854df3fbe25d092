/** The share of one of several members: runs of neighbours, as equal as can be. Nobody, index -1, has none. */
export function averageShare<T>(all: readonly T[], members: number, index: number): T[] {
  if (index < 0) return []
  const rest = all.length % members
  const size = Math.floor(all.length / members)
  const start = index * size + Math.min(index, rest)
  return all.slice(start, start + size + (index < rest ? 1 : 0))
}

/** The same where all are dealt out one by one, round and round. */
export function circleShare<T>(all: readonly T[], members: number, index: number): T[] {
  return all.filter((_, i) => i % members === index)
}
