import { inspect, types } from 'node:util'

/**
 * Every error of the library is a `RocketMQError`; match on its `code`, never on the message.
 * `docs/errors.md` is checked against this table.
 */
export const ERROR_CODES = {
  ABORTED: { retriable: false, says: 'the caller aborted the call' },
  INVALID_ARGUMENT: { retriable: false, says: 'an argument or option is wrong; nothing was sent' },
  INVALID_TOPIC: { retriable: false, says: 'the topic name is not allowed' },
  INVALID_GROUP: { retriable: false, says: 'the group name is not allowed' },
  INVALID_MESSAGE: { retriable: false, says: 'the message cannot be sent as it is' },
  INVALID_EXPRESSION: { retriable: false, says: 'the subscription expression is wrong' },
  INVALID_STATE: { retriable: false, says: 'the call does not fit the state, such as sending before start()' },
  UNSUPPORTED_BY_BROKER: { retriable: false, says: 'the broker is too old for what was asked, or has it switched off' },
  UNSUPPORTED_BY_RUNTIME: { retriable: false, says: 'this Node.js lacks a codec that is needed' },
  UNSAFE_INTEGER: { retriable: false, says: 'a 64-bit value does not fit a JavaScript number' },
  NO_NAME_SERVER: { retriable: true, says: 'no name server is configured or none can be reached' },
  TOPIC_NOT_FOUND: { retriable: true, says: 'no name server has a route of the topic' },
  NO_WRITABLE_QUEUE: { retriable: true, says: 'the topic has no queue that may be written on a broker with a master' },
  BROKER_NOT_FOUND: { retriable: true, says: 'the route names no address of the broker' },
  CONNECT_FAILED: { retriable: true, says: 'no connection could be made' },
  CHANNEL_CLOSED: { retriable: true, says: 'the connection closed before the reply came' },
  INTERCEPTOR_FAILED: { retriable: false, says: 'an interceptor threw, or did not pass a request on' },
  SELECTOR_FAILED: { retriable: false, says: 'a selector of queues threw' },
  PROTOCOL_ERROR: { retriable: true, says: 'the peer sent bytes that are not this protocol' },
  REQUEST_TIMEOUT: { retriable: true, says: 'no reply came in time' },
  SEND_TIMEOUT: { retriable: true, says: 'the send and its retries used up their time' },
  TOO_MANY_REQUESTS: { retriable: true, says: 'the limit of what may be in flight is reached' },
  SEND_FORBIDDEN: { retriable: false, says: 'a check of the application did not let the message pass' },
  BATCH_PARTLY_SENT: { retriable: false, says: 'a split batch failed after some of its parts were sent' },
  BROKER_ERROR: { retriable: false, says: 'the broker answered with an error; see responseCode' },
  AUTHENTICATION_FAILED: { retriable: false, says: 'a server does not accept the credentials, or wants some' },
  PERMISSION_DENIED: {
    retriable: false,
    says: 'a server does not let these credentials use a topic, group or command',
  },
  CREDENTIALS_FAILED: { retriable: true, says: 'the credentials provider gave no usable credentials' },
  MESSAGE_UNREADABLE: { retriable: false, says: 'a stored message could not be decoded' },
  INVALID_RECEIPT: { retriable: false, says: 'a popped message has no receipt, or one that is not good any more' },
  ACK_INCOMPLETE: { retriable: false, says: 'some of several messages could not be acknowledged; see failures' },
  MESSAGE_NOT_FOUND: { retriable: false, says: 'no broker holds such a message' },
  GROUP_CONFLICT: { retriable: false, says: 'members of a group have one id, or do not want the same' },
  OFFSET_STORE_FAILED: { retriable: true, says: 'offsets could not be read or written' },
  IDEMPOTENCY_STORE_FAILED: { retriable: true, says: 'the store of handled messages could not be asked or told' },
  IDEMPOTENCY_LEASE_LOST: { retriable: false, says: 'the claim of a message ran out while its listener worked' },
  OUTBOX_FULL: { retriable: true, says: 'no broker takes the message, and the outbox has no room' },
  OUTBOX_FAILED: { retriable: true, says: 'the outbox could not be read or written' },
  OUTBOX_LOCKED: { retriable: true, says: 'another producer uses the folder of the outbox' },
  OUTBOX_DAMAGED: { retriable: false, says: 'a part of the outbox cannot be read' },
  OUTBOX_REJECTED: {
    retriable: false,
    says: 'a message of the outbox was refused too often, or had no route for long, and was put aside',
  },
  START_TIMEOUT: { retriable: true, says: 'start() did not finish in time' },
  SHUTDOWN_INCOMPLETE: { retriable: false, says: 'shutdown() ended by its timeout with work left' },
  LOOP_STALLED: { retriable: true, says: 'something in the background made no progress for longer than it may' },
  TRANSACTION_CHECK_FAILED: { retriable: true, says: 'a transaction listener threw in a check; the broker asks again' },
  LISTENER_TIMEOUT: { retriable: false, says: 'a listener did not finish in its consume timeout' },
} as const satisfies Record<string, { retriable: boolean; says: string }>

/** Stable name of what went wrong. */
export type ErrorCode = keyof typeof ERROR_CODES

/** The codes of a `BrokerError`: any answer, or one of access control. */
export type BrokerErrorCode = 'BROKER_ERROR' | 'AUTHENTICATION_FAILED' | 'PERMISSION_DENIED'

/** Where and about what an error happened. */
export interface ErrorDetails {
  /** `host:port` that it happened with. */
  readonly address?: string
  /** RocketMQ's name of the request. */
  readonly command?: string
  /** Topic that it is about. */
  readonly topic?: string
  /** Producer or consumer group that it is about. */
  readonly group?: string
  /** Name of the broker that it is about. */
  readonly brokerName?: string
  /** For a failed send: whether the broker may have stored the message. */
  readonly sent?: 'NO' | 'UNKNOWN'
  /** For a failed send: how often it was tried, and on which brokers. */
  readonly attempts?: number
  /** For a failed send: the brokers that it was tried on, in order. */
  readonly brokersTried?: readonly string[]
}

/** `ErrorDetails` together with the cause and, where it differs from the table, the verdict on a retry. */
export interface ErrorOptions extends ErrorDetails {
  /** What led to it. */
  readonly cause?: unknown
  /** Whether the same call may succeed later; default as the table of codes tells. */
  readonly retriable?: boolean
}

const BRAND = Symbol.for('rocketwire.RocketMQError')

/** Base of all errors. `code` is stable, `retriable` says whether the same call may succeed later, `cause` is kept. */
export class RocketMQError extends Error implements ErrorDetails {
  /** Name of the class, as stack traces show it. */
  override readonly name: string = 'RocketMQError'
  /** Stable name of what went wrong: match on it. */
  readonly code: ErrorCode
  /** Whether the same call may succeed later. */
  readonly retriable: boolean
  /** `host:port` that it happened with. */
  declare readonly address?: string
  /** RocketMQ's name of the request. */
  declare readonly command?: string
  /** Topic that it is about. */
  declare readonly topic?: string
  /** Producer or consumer group that it is about. */
  declare readonly group?: string
  /** Name of the broker that it is about. */
  declare readonly brokerName?: string
  /** For a failed send: whether the broker may have stored the message. */
  declare readonly sent?: 'NO' | 'UNKNOWN'
  /** For a failed send: how often it was tried. */
  declare readonly attempts?: number
  /** For a failed send: the brokers that it was tried on, in order. */
  declare readonly brokersTried?: readonly string[]

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    const { cause, retriable, ...details } = options
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.retriable = retriable ?? ERROR_CODES[code].retriable
    Object.assign(this, details)
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** Recognises the errors of every installed copy of this package, where `instanceof` would not. */
  static is(error: unknown): error is RocketMQError {
    return typeof error === 'object' && error !== null && BRAND in error
  }
}

/** `ErrorOptions` of an answer; `code` defaults to `BROKER_ERROR`. */
export interface BrokerErrorOptions extends ErrorOptions {
  /** Default BROKER_ERROR. */
  readonly code?: BrokerErrorCode
}

const BROKER_ERROR_CODES: ReadonlySet<ErrorCode> = new Set<BrokerErrorCode>([
  'BROKER_ERROR',
  'AUTHENTICATION_FAILED',
  'PERMISSION_DENIED',
])

/** The broker or name server answered with an error code. */
export class BrokerError extends RocketMQError {
  /** Name of the class, as stack traces show it. */
  override readonly name = 'BrokerError'
  /** BROKER_ERROR, or what kind of refusal by access control it was. */
  declare readonly code: BrokerErrorCode
  /** RocketMQ's name of the response code, such as `'TOPIC_NOT_EXIST'`, or its number where it has none. */
  readonly responseCode: string
  /** The peer's own words. */
  readonly remark: string | undefined

  constructor(
    responseCode: string,
    remark: string | undefined,
    message: string,
    { code = 'BROKER_ERROR', ...options }: BrokerErrorOptions = {},
  ) {
    super(code, message, options)
    this.responseCode = responseCode
    this.remark = remark
  }

  /** True for a `BrokerError`, of this code where one is given. */
  static override is(error: unknown, responseCode?: string): error is BrokerError {
    if (!RocketMQError.is(error) || !BROKER_ERROR_CODES.has(error.code)) return false
    return responseCode === undefined || (error as BrokerError).responseCode === responseCode
  }
}

/** True for errors of every realm: in jest, Node's own errors and abort reasons are no instances of the test's `Error`. */
export function isError(value: unknown): value is Error {
  if (value instanceof Error || types.isNativeError(value)) return true
  return Object.prototype.toString.call(value) === '[object DOMException]'
}

/** Whatever was thrown, as an `Error`. */
export function asError(thrown: unknown): Error {
  if (isError(thrown)) return thrown
  return new Error(typeof thrown === 'string' ? thrown : inspect(thrown), { cause: thrown })
}
