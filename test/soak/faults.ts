import { systemClock } from '../../lib/runtime/clock'
import type { SoakMember, Stream } from './kinds'
import { seededRandom } from './seeded-random'
import type { SoakServers } from './servers'

const MEMBERS = 3
const EVERY_MS = 8000
const SLOW_FOR_MS = 3000

export interface FaultsOptions {
  readonly streams: readonly Stream[]
  readonly servers: SoakServers
  readonly seed: number
  readonly say: (line: string) => void
}

/** Keeps members in all groups, and has something happen to them or to the servers every few seconds. */
export class Faults {
  readonly #options: FaultsOptions
  readonly #random: (bound: number) => number
  readonly #members = new Map<Stream, SoakMember[]>()
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()
  count = 0

  private constructor(options: FaultsOptions) {
    this.#options = options
    this.#random = seededRandom(options.seed)
  }

  static async begin(options: FaultsOptions): Promise<Faults> {
    const faults = new Faults(options)
    for (const stream of options.streams) {
      faults.#members.set(stream, await Promise.all(Array.from({ length: MEMBERS }, () => stream.join())))
    }
    faults.#running = faults.#run(faults.#stop.signal)
    return faults
  }

  /** Nothing more happens; all members stay. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Shuts all members down. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.#members.values()].flat().map(member => member.shutdown()))
  }

  async #run(signal: AbortSignal): Promise<void> {
    const faults = [() => this.#restart(), () => this.#handover(), () => this.#handover(), () => this.#slow()]
    for (;;) {
      await systemClock.sleep(EVERY_MS / 2 + this.#random(EVERY_MS), signal).catch(() => undefined)
      if (signal.aborted) return
      this.count++
      try {
        await faults[this.#random(faults.length)]?.()
      } catch (error) {
        this.#options.say(`  a fault failed: ${String(error)}`)
      }
    }
  }

  #restart(): Promise<void> {
    return this.#options.servers.restartBroker(this.#random(2))
  }

  /** A member leaves and another one joins, at the same time. */
  async #handover(): Promise<void> {
    const { streams } = this.#options
    const stream = streams[this.#random(streams.length)] as Stream
    const members = this.#members.get(stream) as SoakMember[]
    const [leaving] = members.splice(this.#random(members.length), 1)
    const [joined] = await Promise.all([stream.join(), leaving?.shutdown()])
    members.push(joined)
  }

  async #slow(): Promise<void> {
    const { streams } = this.#options
    for (const stream of streams) stream.slowMs = 50
    await systemClock.sleep(SLOW_FOR_MS)
    for (const stream of streams) stream.slowMs = 0
  }
}
