import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { RocketMQError, asError } from '../errors'
import type { MessageExt } from '../model/message'
import { checkOptions } from '../model/option-checks'
import { ownIpv4 } from '../runtime/own-ip'
import { isProduction } from '../runtime/environment'
import { Lifecycle } from '../runtime/lifecycle'
import { Log } from '../runtime/log'
import { decodeStoredMessages } from '../wire/stored-message-decoder'
import { Broker } from './broker'
import { AccessControl } from './access-control'
import { BrokerState } from './broker-state'
import {
  type CommandName,
  type Control,
  type ControlContext,
  type ControlHandler,
  type ControlOptions,
  Controls,
  type RequestNamed,
} from './controls'
import type { EmulatorShared } from './emulated-server'
import {
  type EmulatedTopicOptions,
  type EmulatorOptions,
  type ResolvedOptions,
  resolveOptions,
  resolveTopic,
} from './emulator-options'
import { GENERATIONS } from './generation'
import { registerBrokerHandlers, registerNameServerHandlers } from './handlers/index'
import { NameServer } from './name-server'
import { Schedule } from './schedule'

/** A running server of the emulator. */
export interface EmulatedNode {
  /** `ip:port`; it stays the same over `stop` and `start`. */
  readonly address: string
  /** Closes its port and all its connections. What it holds is kept. Calls wait for those before them. */
  stop(): Promise<void>
  /** Does nothing while it runs. @throws RocketMQError INVALID_STATE after the emulator's shutdown */
  start(): Promise<void>
}

/** A running broker of the emulator. */
export interface EmulatedBroker extends EmulatedNode {
  /** Name that a master and its slaves share. */
  readonly name: string
  /** 0 for a master. */
  readonly id: number
  /** Whether it listens: true between `start` and `stop`. */
  readonly isRunning: boolean
  /** `stop` and `start`. */
  restart(): Promise<void>
}

/**
 * Name servers and brokers in this process that speak RocketMQ's remoting protocol on real TCP, for development and tests.
 *
 * @example
 * await using emulator = await Emulator.start({ topics: { Orders: 8 } })
 * const producer = new Producer({ namesrvAddr: emulator.namesrvAddr, producerGroup: 'orders' })
 */
export class Emulator {
  readonly #options: ResolvedOptions
  readonly #lifecycle = new Lifecycle('the emulator')
  readonly #controls = new Controls()
  readonly #schedule: Schedule
  readonly #states: BrokerState[]
  readonly #nameServers: NameServer[]
  readonly #brokers: Broker[]

  private constructor(options: ResolvedOptions, hosts: Hosts) {
    this.#options = options
    const { clock, logger, version } = options
    this.#schedule = new Schedule(clock)
    const shared: EmulatorShared = {
      ...hosts,
      clock,
      log: new Log('emulator', logger, clock),
      schedule: this.#schedule,
      controls: this.#controls,
      generation: GENERATIONS[version],
      access: options.accounts && new AccessControl(options.accounts, version),
      tls: options.tls,
      mayStart: () => this.#lifecycle.state === 'starting' || this.#lifecycle.state === 'running',
    }
    const { orderMessageEnable, nameServerPort } = options
    this.#nameServers = Array.from(
      { length: options.nameServers },
      (_, i) => new NameServer({ ...shared, orderMessageEnable, port: nameServerPort === 0 ? 0 : nameServerPort + i }),
    )
    this.#states = options.brokers.map(({ name }) => new BrokerState({ ...shared, ...options, brokerName: name }))
    this.#brokers = this.#states.flatMap((state, i) => this.#nodesOf(shared, state, options.brokers[i]?.slaves ?? 0))
    this.#nameServers.forEach(registerNameServerHandlers)
    this.#brokers.forEach(registerBrokerHandlers)
  }

  /**
   * Starts name servers and brokers on free ports.
   * @throws RocketMQError INVALID_ARGUMENT for a wrong option or a port that is taken, INVALID_STATE in production
   */
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const resolved = resolveOptions(options)
    if (isProduction() && !resolved.allowProduction) {
      throw new RocketMQError(
        'INVALID_STATE',
        'the emulator is for development and tests and does not start with NODE_ENV=production; set allowProduction, or --allow-production, to start it all the same',
      )
    }
    const emulator = new Emulator(resolved, await hostsOf(resolved.host))
    await emulator.#lifecycle.start(
      () => emulator.#start(),
      () => emulator.#stop(),
    )
    return emulator
  }

  /** Addresses of the name servers, `ip:port;ip:port`. */
  get namesrvAddr(): string {
    return this.#nameServers.map(({ address }) => address).join(';')
  }

  /** The name servers, in the order of their addresses in `namesrvAddr`. */
  get nameServers(): readonly EmulatedNode[] {
    return this.#nameServers
  }

  /** Masters, each followed by its slaves. */
  get brokers(): readonly EmulatedBroker[] {
    return this.#brokers
  }

  /** Takes over the next request of a kind, or more of them: sees, replaces, delays or breaks it. */
  control<N extends CommandName>(name: N, handler: ControlHandler<N>, options?: ControlOptions): Control {
    return this.#controls.add(name, handler, options)
  }

  /** Resolves with the next request of a kind that matches, once it was handled; rejects when the emulator is shut down. */
  received<N extends CommandName>(
    name: N,
    matches?: (request: RequestNamed<N>, context: ControlContext) => boolean,
  ): Promise<RequestNamed<N>> {
    return this.#controls.received(name, matches)
  }

  /** Creates a topic on every broker, or changes it. @throws RocketMQError INVALID_TOPIC, INVALID_ARGUMENT */
  createTopic(topic: string, options: number | EmulatedTopicOptions = {}): void {
    const config = resolveTopic(topic, options)
    for (const { topics } of this.#states) topics.put(config)
  }

  /** Messages that are stored under a topic now, by broker, queue and offset; their bodies are as they were sent. */
  messages(topic: string): MessageExt[] {
    return this.#states.flatMap(state => messagesOf(state, topic))
  }

  /** Offset that a group has committed for a queue; undefined where it has none. */
  consumerOffset(
    group: string,
    topic: string,
    options: { queueId?: number; broker?: string } = {},
  ): number | undefined {
    checkOptions(options, { queueId: true, broker: true }, 'the options of consumerOffset')
    const { queueId = 0, broker } = options
    return this.#state(broker).offsets.query(group, topic, queueId)
  }

  /** Closes all sockets and timers; can be called again. */
  shutdown(): Promise<void> {
    return this.#lifecycle.stop(() => this.#stop())
  }

  /** As `shutdown`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  #nodesOf(shared: EmulatorShared, state: BrokerState, slaves: number): Broker[] {
    const nameServers = this.#nameServers
    return Array.from({ length: 1 + slaves }, (_, id) => new Broker({ shared, state, id, nameServers }))
  }

  async #start(): Promise<void> {
    await Promise.all(this.#nameServers.map(server => server.start()))
    for (const config of this.#options.topics) for (const { topics } of this.#states) topics.put(config)
    await Promise.all(this.#brokers.map(broker => broker.start()))
  }

  async #stop(): Promise<void> {
    this.#controls.close()
    await Promise.all(this.#brokers.map(broker => broker.stop()))
    await Promise.all(this.#nameServers.map(server => server.stop()))
    this.#schedule.stop()
  }

  #state(brokerName: string | undefined): BrokerState {
    const state = this.#states.find(each => brokerName === undefined || each.brokerName === brokerName)
    if (state !== undefined) return state
    const names = this.#states.map(each => each.brokerName).join(', ')
    throw new RocketMQError('INVALID_ARGUMENT', `there is no broker ${brokerName}: there are ${names}`)
  }
}

function messagesOf({ store, topics, brokerName }: BrokerState, topic: string): MessageExt[] {
  const { readQueueNums = 0, writeQueueNums = 0 } = topics.get(topic) ?? {}
  const found: MessageExt[] = []
  for (let queueId = 0; queueId < Math.max(readQueueNums, writeQueueNums); queueId++) {
    const queue = store.findQueue(topic, queueId)
    for (let offset = queue?.minOffset ?? 0; offset < (queue?.maxOffset ?? 0); offset++) {
      const record = store.log.readRecord(queue?.positionOf(offset) ?? 0)
      if (record !== undefined) found.push(...decodeStoredMessages(record, { brokerName, offsetDelta: 0 }).messages)
    }
  }
  return found
}

type Hosts = Pick<EmulatorShared, 'host' | 'advertisedHost'>

/** Clients are told an IP address, whatever name or wildcard the emulator listens on. */
async function hostsOf(host: string): Promise<Hosts> {
  if (host === '0.0.0.0' || host === '::') return { host, advertisedHost: ownIpv4() ?? '127.0.0.1' }
  const ip = isIP(host) === 0 ? await addressOf(host) : host
  return { host: ip, advertisedHost: ip }
}

async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (error) {
    const says = `host ${host} is no address of this machine: ${asError(error).message}`
    throw new RocketMQError('INVALID_ARGUMENT', says, { cause: error })
  }
}
