/** Gives the start of the month of a time, both in milliseconds, in a time zone other than this host's. */
export function monthStartIn(zone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const partsOf = (timeMs: number): Record<string, number> =>
    Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]))
  /** How far the zone's clock is ahead of UTC. */
  const offset = (timeMs: number): number => {
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = partsOf(timeMs)
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(timeMs / 1000) * 1000
  }
  return timeMs => {
    const { year = 0, month = 0 } = partsOf(timeMs)
    const asUtc = Date.UTC(year, month - 1, 1)
    return asUtc - offset(asUtc - offset(asUtc))
  }
}
