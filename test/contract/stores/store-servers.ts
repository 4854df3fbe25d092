import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../support/package-root'
import { freePort } from '../real/free-ports'
import { mustRun, runCommand } from '../real/run-command'
import { POSTGRESQL } from './postgres-server'
import { REDIS } from './redis-server'
import { StoreProcess } from './store-process'
import { STORE_SERVERS, type StorePlace, type StorePlaces, type StoreServerName } from './store-target'

/** A server that was started. */
interface RunningStore {
  readonly origin: string
  stop(): Promise<void>
}

/** How a server is started. */
export interface StoreKind {
  /** From the programs of this machine, or of Debian's packages. */
  readonly startHere: (port: number) => Promise<RunningStore>
  readonly image: string
  readonly imagePort: number
  readonly imageEnvironment?: Readonly<Record<string, string>>
  /** Resolves where the server of this port answers. */
  probe(port: number): Promise<void>
}

/** Servers for the tests of idempotency stores, and what ends them. */
export interface StoreServers {
  readonly places: StorePlaces
  stop(): Promise<void>
}

const KINDS: Readonly<Record<StoreServerName, StoreKind>> = { redis: REDIS, postgresql: POSTGRESQL }
const PULL_MS = 300_000
/** The files of the tests are matched by their paths, as by jest. */
const FOLDER = 'test/contract/stores'

/** Whether tests of stores are among those of a `--scenario`. */
export function wantsStores(scenario: string | undefined): boolean {
  if (scenario === undefined) return true
  const pattern = new RegExp(scenario)
  const files = readdirSync(join(packageRoot(), FOLDER)).filter(file => file.endsWith('.test.ts'))
  return files.some(file => pattern.test(`${FOLDER}/${file}`.slice('test/'.length)))
}

/** Starts each server on a port of its own. Never rejects: of one that cannot be had its tests tell. */
export async function openStores(say: (line: string) => void): Promise<StoreServers> {
  const opened = await Promise.all(STORE_SERVERS.map(async name => [name, await open(name)] as const))
  const places = Object.fromEntries(opened.map(([name, { place }]) => [name, place])) as Record<
    StoreServerName,
    StorePlace
  >
  for (const [name, place] of Object.entries(places)) {
    say('missing' in place ? `no ${name}: ${place.missing}` : `${name} at 127.0.0.1:${place.port} (${place.origin})`)
  }
  const stop = async (): Promise<void> => {
    await Promise.allSettled(opened.map(async ([, { server }]) => server?.stop()))
  }
  return { places, stop }
}

async function open(name: StoreServerName): Promise<{ place: StorePlace; server?: RunningStore }> {
  const kind = KINDS[name]
  const reasons: string[] = []
  for (const start of [kind.startHere, (port: number) => startContainer(name, kind, port)]) {
    try {
      const port = await freePort()
      const server = await start(port)
      return { place: { port, origin: server.origin }, server }
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  return { place: { missing: reasons.join('; ').replace(/\s+/g, ' ') } }
}

async function startContainer(name: StoreServerName, kind: StoreKind, port: number): Promise<RunningStore> {
  await mustRun('docker', ['pull', '--quiet', kind.image], { timeoutMs: PULL_MS, cure: 'Install it, or apt.' })
  const container = `rocketwire-${name}-${process.pid}`
  const variables = Object.entries(kind.imageEnvironment ?? {}).flatMap(([key, value]) => ['--env', `${key}=${value}`])
  const args = ['run', '--rm', '--name', container, '--publish', `127.0.0.1:${port}:${kind.imagePort}`, ...variables]
  const remove = (): Promise<unknown> => runCommand('docker', ['rm', '--force', '--volumes', container])
  try {
    const server = await StoreProcess.start('docker', [...args, kind.image], { probe: () => kind.probe(port) })
    return {
      origin: `docker, ${kind.image}`,
      stop: async () => {
        await remove()
        await server.stop()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
