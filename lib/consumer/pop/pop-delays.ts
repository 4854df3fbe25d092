/** Java's waits before the next tries, s. */
const DELAYS_S = [10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1200, 1800, 3600, 7200] as const

/**
 * How long a message stays hidden that a listener failed on, ms.
 * @param delayLevel 0: by the number of tries
 */
export function popDelayMs(reconsumeTimes: number, delayLevel: number): number {
  const index = Math.min(delayLevel === 0 ? reconsumeTimes : delayLevel, DELAYS_S.length - 1)
  return (DELAYS_S[index] ?? DELAYS_S[0]) * 1000
}
