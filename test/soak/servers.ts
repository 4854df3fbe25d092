import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { killWithParent } from '../contract/real/child-reaper'
import { startRealCluster } from '../contract/real/real-cluster'
import { packageRoot } from '../support/package-root'

/** Servers of a soak: two brokers, which are restarted again and again. */
export interface SoakServers {
  readonly namesrvAddr: string
  /** Ends a broker, like a crash where it is real, and starts it again. */
  restartBroker(index: number): Promise<void>
  stop(): Promise<void>
}

/** What the process of the emulator says, and is told. */
export type EmulatorMessage = { readonly namesrvAddr: string } | { readonly restarted: number }
export type EmulatorOrder = { readonly restart: number }

export function startServers(target: 'emulator' | 'real'): Promise<SoakServers> {
  return target === 'real' ? startReal() : startEmulated()
}

async function startReal(): Promise<SoakServers> {
  const cluster = await startRealCluster({ version: '5.5.0', brokers: [{ name: 'broker-a' }, { name: 'broker-b' }] })
  return {
    namesrvAddr: cluster.namesrvAddr,
    restartBroker: async index => {
      await cluster.brokers[index]?.kill()
      await cluster.brokers[index]?.restart()
    },
    stop: () => cluster.stop(),
  }
}

/** In a process of its own: its messages would be taken for memory that clients do not give back. */
async function startEmulated(): Promise<SoakServers> {
  const program = join('test', 'soak', 'emulator-process.ts')
  const child = fork(join('scripts', 'ts.mjs'), [program], { cwd: packageRoot() })
  killWithParent(child)
  const answer = async <K extends 'namesrvAddr' | 'restarted'>(
    key: K,
  ): Promise<Extract<EmulatorMessage, Record<K, unknown>>> => {
    const [message] = (await once(child, 'message')) as [EmulatorMessage]
    if (!(key in message)) throw new Error(`the emulator said ${JSON.stringify(message)}`)
    return message as Extract<EmulatorMessage, Record<K, unknown>>
  }
  const { namesrvAddr } = await answer('namesrvAddr')
  return {
    namesrvAddr,
    restartBroker: async index => {
      const restarted = answer('restarted')
      child.send({ restart: index } satisfies EmulatorOrder)
      await restarted
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
