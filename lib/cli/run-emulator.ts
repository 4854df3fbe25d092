import { type EmulatedBroker, Emulator } from '../emulator/emulator'
import type { EmulatedVersion } from '../emulator/generation'
import { onAbort } from '../runtime/on-abort'
import { EXIT } from './exit-code'
import { Interruption } from './interruption'
import { Screen } from './screen'
import { table } from './table'

/** What was asked for. */
export interface EmulatorCliOptions {
  readonly port?: number
  readonly host?: string
  readonly brokers?: number
  readonly topic?: Readonly<Record<string, number>>
  readonly versionOf?: EmulatedVersion
  readonly autoCreate: boolean
  readonly allowProduction?: true
}

/** Runs until it is interrupted; resolves with the exit code. */
export async function runEmulator(options: EmulatorCliOptions): Promise<number> {
  const { port, host, brokers, topic, versionOf, autoCreate, allowProduction } = options
  const interruption = new Interruption()
  const emulator = await Emulator.start({
    autoCreateTopic: autoCreate,
    ...(port === undefined ? {} : { nameServerPort: port }),
    ...(host === undefined ? {} : { host }),
    ...(brokers === undefined ? {} : { brokers }),
    ...(topic === undefined ? {} : { topics: topic }),
    ...(versionOf === undefined ? {} : { version: versionOf }),
    ...(allowProduction === undefined ? {} : { allowProduction }),
  })
  const screen = new Screen({ stream: process.stdout, onClosed: () => interruption.outputClosed() })
  screen.line(emulator.namesrvAddr)
  screen.line(describe(emulator.brokers, topic ?? {}))
  await aborted(interruption.signal)
  await emulator.shutdown()
  return EXIT.done
}

function describe(brokers: readonly EmulatedBroker[], topics: Readonly<Record<string, number>>): string {
  const parts = [
    table(
      ['Broker', 'Address'],
      brokers.map(({ name, address }) => [name, address]),
    ),
  ]
  if (Object.keys(topics).length > 0) parts.push(table(['Topic', 'Queues on each broker'], Object.entries(topics)))
  parts.push('Ctrl-C ends the emulator.')
  return parts.join('\n')
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => onAbort(signal, resolve))
}
