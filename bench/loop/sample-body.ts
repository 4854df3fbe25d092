const BYTES = 4 * 1024 * 1024
const CITIES = ['Berlin', 'Lisbon', 'Nairobi', 'Osaka', 'Quito', 'Tallinn']

/** 4 MiB of orders as JSON lines, which shrink to about a fifth, as such bodies do. The same each time. */
export function sampleBody(): Buffer {
  const lines: string[] = []
  let bytes = 0
  for (let i = 0, state = 1; bytes < BYTES; i++) {
    // A generator of Lehmer's, so that no two runs differ.
    state = (state * 48_271) % 0x7fffffff
    const city = CITIES[state % CITIES.length]
    const line = `{"id":"order-${i}","customer":${state},"city":"${city}","amount":${(state % 100_000) / 100},"paid":${state % 3 === 0}}\n`
    lines.push(line)
    bytes += line.length
  }
  return Buffer.from(lines.join('')).subarray(0, BYTES)
}
