const SEPARATOR = '@'

/** The machine room of a broker that is named `room@broker`, or undefined for brokers named otherwise. */
export function machineRoomOf(brokerName: string): string | undefined {
  // Asked for every queue at every send by a selector: parts in a list of their own would cost ten times as much.
  const at = brokerName.indexOf(SEPARATOR)
  if (at === -1) return undefined
  // As Java's `split`, which forgets empty parts at the end.
  let end = brokerName.length
  while (brokerName[end - 1] === SEPARATOR) end--
  const next = brokerName.indexOf(SEPARATOR, at + 1)
  return end <= at || (next !== -1 && next < end) ? undefined : brokerName.slice(0, at)
}
