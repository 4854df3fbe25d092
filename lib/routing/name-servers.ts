import type { AnyCommand, ReplyOf, RequestOf } from '../commands/command'
import { BrokerError, RocketMQError, asError } from '../errors'
import { addressesOfEndpoint, isInstanceEndpoint } from '../model/endpoint'
import { parseAddress } from '../remoting/address'
import type { CallOptions, RemotingClient } from '../remoting/remoting-client'
import type { Clock } from '../runtime/clock'
import type { Log } from '../runtime/log'
import { shuffled } from '../runtime/random'
import { checkedUrl, fetchNameServerList, isAddressServer, wrongList } from './address-server'

/** What name servers are asked with. */
export interface NameServersOptions {
  /** `h1:9876;h2:9876`, a list of such, or the http(s) URL of an address server. */
  readonly namesrvAddr: string | readonly string[]
  readonly remoting: RemotingClient
  readonly clock: Clock
  readonly log: Log
  /** Limit of the question to one name server, ms. */
  readonly requestTimeoutMs: number
}

/** The name servers: one is asked as long as it answers, the others in turn when it does not. */
export class NameServers {
  readonly #options: NameServersOptions
  readonly #url: string | undefined = undefined
  #addresses: readonly string[] = []
  #chosen = 0

  /** @throws RocketMQError INVALID_ARGUMENT for a malformed address, NO_NAME_SERVER where none is given */
  constructor(options: NameServersOptions) {
    this.#options = options
    const given = typeof options.namesrvAddr === 'string' ? options.namesrvAddr : options.namesrvAddr.join(';')
    const list = checkedNameServers(given)
    if (typeof list === 'string') this.#url = list
    else this.#use(list)
  }

  /** `host:port` of each, in the order of asking. */
  get addresses(): readonly string[] {
    return this.#addresses
  }

  /** True where the list comes from an address server and should be asked for again from time to time. */
  get isDynamic(): boolean {
    return this.#url !== undefined
  }

  /** Asks the address server, where there is one, and takes its list over. */
  async refresh(): Promise<void> {
    if (this.#url === undefined) return
    const list = listOf(this.#url, await this.#askAddressServer(this.#url))
    const same = [...list].sort().join() === [...this.#addresses].sort().join()
    if (same) return
    const gone = this.#addresses.filter(address => !list.includes(address))
    this.#use(list)
    await Promise.all(gone.map(address => this.#options.remoting.release(address)))
  }

  /**
   * Asks the name servers in turn until one answers.
   * @param options `timeoutMs` is the limit of the whole call; default: the request timeout for each name server
   * @throws RocketMQError NO_NAME_SERVER where none can be reached, with the reason of each
   */
  async invoke<C extends AnyCommand>(
    command: C,
    request: RequestOf<C>,
    options: CallOptions = {},
  ): Promise<ReplyOf<C>> {
    const { remoting, clock, log, requestTimeoutMs } = this.#options
    const addresses = this.#addresses
    const count = addresses.length
    const first = this.#chosen
    const totalMs = options.timeoutMs ?? requestTimeoutMs * count
    const deadline = clock.monotonic() + totalMs
    const failures: Error[] = []
    for (let tried = 0; tried < count && clock.monotonic() < deadline; tried++) {
      const address = addresses[(first + tried) % count] as string
      const timeoutMs = Math.min(requestTimeoutMs, totalMs / count, deadline - clock.monotonic())
      try {
        return await remoting.invoke(address, command, request, { timeoutMs, signal: options.signal })
      } catch (error) {
        if (!worthAskingAnother(error)) throw error
        failures.push(asError(error))
        log.warn('a name server did not answer, asking the next', { address, error })
        this.#passOver(address)
      }
    }
    throw this.#noneAnswers(command, failures)
  }

  /** Sends the same request to every name server, for administration; rejects where one fails or where there is none. */
  async invokeAll<C extends AnyCommand>(command: C, request: RequestOf<C>, options: CallOptions = {}): Promise<void> {
    const { remoting } = this.#options
    if (this.#addresses.length === 0) throw this.#noneAnswers(command, [])
    await Promise.all(this.#addresses.map(address => remoting.invokeAside(address, command, request, options)))
  }

  /** Sends the same request to every name server and resolves with what became of each, in the order of `addresses`. */
  invokeEach<C extends AnyCommand>(
    command: C,
    request: RequestOf<C>,
    options: CallOptions = {},
  ): Promise<PromiseSettledResult<ReplyOf<C>>[]> {
    const { remoting } = this.#options
    return Promise.allSettled(this.#addresses.map(address => remoting.invokeAside(address, command, request, options)))
  }

  /** Calls that fail on one server side by side go on to the next together. */
  #passOver(address: string): void {
    const next = this.#chosen + 1
    if (this.#addresses[this.#chosen] === address) this.#chosen = next < this.#addresses.length ? next : 0
  }

  async #askAddressServer(url: string): Promise<string> {
    const { clock, requestTimeoutMs } = this.#options
    const abort = new AbortController()
    const timer = clock.after(requestTimeoutMs, () => abort.abort(new Error(`no answer within ${requestTimeoutMs} ms`)))
    try {
      return await fetchNameServerList(url, abort.signal)
    } finally {
      timer.cancel()
    }
  }

  #use(addresses: readonly string[]): void {
    this.#addresses = shuffled(addresses)
    this.#chosen = 0
  }

  #noneAnswers(command: AnyCommand, failures: readonly Error[]): RocketMQError {
    const reasons = failures.map(error => error.message).join('; ') || 'none could be asked'
    const list = this.#addresses.join(';') || 'the list is empty'
    const says = `no name server answered ${command.name} (${list}): ${reasons}`
    const cause = failures.length === 1 ? failures[0] : new AggregateError(failures, 'each name server failed')
    return new RocketMQError('NO_NAME_SERVER', says, { command: command.name, cause })
  }
}

/**
 * The URL of an address server, or a list of addresses.
 * @throws RocketMQError INVALID_ARGUMENT for a malformed address, NO_NAME_SERVER where none is given
 */
export function checkedNameServers(namesrvAddr: string): string | readonly string[] {
  const given = namesrvAddr.trim()
  return isAddressServer(given) && !isInstanceEndpoint(given) ? checkedUrl(given) : parseList(given)
}

/** Broken connections, timeouts and a server that is not ready are its own trouble; other answers are answers. */
function worthAskingAnother(error: unknown): boolean {
  if (!RocketMQError.is(error)) return false
  if (BrokerError.is(error)) return error.retriable
  return ['CONNECT_FAILED', 'REQUEST_TIMEOUT', 'CHANNEL_CLOSED', 'PROTOCOL_ERROR', 'TOO_MANY_REQUESTS'].includes(
    error.code,
  )
}

function listOf(url: string, answer: string): string[] {
  try {
    return parseList(answer)
  } catch (error) {
    throw wrongList(url, answer, error)
  }
}

function parseList(text: string): string[] {
  const addresses = text
    .split(/[;,]/)
    .map(part => addressesOfEndpoint(part.trim()))
    .filter(part => part !== '')
  if (addresses.length === 0) {
    throw new RocketMQError('NO_NAME_SERVER', 'no name server is given: set namesrvAddr or the NAMESRV_ADDR variable')
  }
  addresses.forEach(parseAddress)
  return [...new Set(addresses)]
}
