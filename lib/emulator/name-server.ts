import { EmulatedServer, type EmulatorShared } from './emulated-server'
import type { RequestHandlers } from '../remoting/request-handlers'
import { type BrokerIdentity, RouteTables } from './routes'
import type { TopicConfig } from './topics'
import { WorkSlots } from '../runtime/work-slots'

export interface NameServerOptions extends EmulatorShared {
  /** Routes tell the order of queues that is kept under ORDER_TOPIC_CONFIG. */
  readonly orderMessageEnable: boolean
  /** 0: any free port. */
  readonly port: number
}

/** One emulated name server. */
export class NameServer {
  readonly orderMessageEnable: boolean
  readonly routes: RouteTables
  /** Values by namespace and key. */
  readonly config = new Map<string, Map<string, string>>()
  readonly #server: EmulatedServer
  readonly #shared: EmulatorShared
  readonly #turns = new WorkSlots(1)
  #isRunning = false

  constructor(options: NameServerOptions) {
    this.orderMessageEnable = options.orderMessageEnable
    this.#shared = options
    this.routes = new RouteTables(options.generation.brokerFacts)
    this.#server = new EmulatedServer(options)
  }

  get address(): string {
    return this.#server.address
  }

  /** What it does with requests. */
  get handlers(): RequestHandlers {
    return this.#server.handlers
  }

  get generation(): EmulatorShared['generation'] {
    return this.#shared.generation
  }

  /** Listens; does nothing while it runs. */
  start(): Promise<void> {
    return this.#turns.run(async () => {
      if (!this.#isRunning) await this.#server.start()
      this.#isRunning = true
    })
  }

  /** Closes its port and all connections; what it knows is kept. */
  stop(): Promise<void> {
    return this.#turns.run(async () => {
      await this.#server.stop()
      this.#isRunning = false
    })
  }

  register(broker: BrokerIdentity, topics: readonly TopicConfig[]): void {
    this.routes.register(broker, topics)
  }

  unregister(broker: BrokerIdentity): void {
    this.routes.unregister(broker)
  }
}
