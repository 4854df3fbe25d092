/** Faults of the matrix that may happen at the same time. */
export const PAIRED_FAULTS = ['broker restarts', 'connections break', 'bytes are slow', 'members change'] as const
export type PairedFault = (typeof PAIRED_FAULTS)[number]

/** So many pairs of two different faults each: every pair there is once, in an order of chance, then all of them again. */
export function faultPairs(random: (bound: number) => number, count: number): (readonly [PairedFault, PairedFault])[] {
  const all = PAIRED_FAULTS.flatMap((first, i) => PAIRED_FAULTS.slice(i + 1).map(second => [first, second] as const))
  const pairs: (readonly [PairedFault, PairedFault])[] = []
  for (let left = [...all]; pairs.length < count; left = left.length > 0 ? left : [...all]) {
    const [pair] = left.splice(random(left.length), 1) as [readonly [PairedFault, PairedFault]]
    pairs.push(random(2) === 0 ? pair : [pair[1], pair[0]])
  }
  return pairs
}
