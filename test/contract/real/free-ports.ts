import { createServer } from 'node:net'

const LOWEST = 12_000
const SLICES = 200
const SLICE_SIZE = 100

/** Ports already handed out by this process. */
const taken = new Set<number>()
let next = LOWEST + (process.pid % SLICES) * SLICE_SIZE

/**
 * A free port whose neighbours at `offsets` are free too. The ports lie below those the system gives to outgoing
 * connections, so they stay free while a server is down, and each process looks in another place first.
 */
export async function freePort(offsets: readonly number[] = []): Promise<number> {
  for (let tries = 0; tries < SLICES * SLICE_SIZE; tries++) {
    const ports = [0, ...offsets].map(offset => next + offset)
    const port = next
    next = next + 1 < LOWEST + SLICES * SLICE_SIZE ? next + 1 : LOWEST
    if (ports.some(each => taken.has(each))) continue
    for (const each of ports) taken.add(each)
    const free = await Promise.all(ports.map(isFree))
    if (free.every(Boolean)) return port
  }
  throw new Error(`no free port between ${LOWEST} and ${LOWEST + SLICES * SLICE_SIZE}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
