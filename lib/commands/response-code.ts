import { BrokerError, type ErrorDetails } from '../errors'
import { denialOf } from './denial'

interface ResponseCodeRow {
  readonly code: number
  /** Whether the same request may succeed when it is repeated later. */
  readonly retriable: boolean
}

const row = (code: number, retriable = false): ResponseCodeRow => ({ code, retriable })

/** RocketMQ's response codes by their Java names (`ResponseCode`, `RemotingSysResponseCode`). */
export const RESPONSE_CODES = {
  SUCCESS: row(0),
  SYSTEM_ERROR: row(1, true),
  SYSTEM_BUSY: row(2, true),
  REQUEST_CODE_NOT_SUPPORTED: row(3),
  TRANSACTION_FAILED: row(4),
  FLUSH_DISK_TIMEOUT: row(10, true),
  SLAVE_NOT_AVAILABLE: row(11, true),
  FLUSH_SLAVE_TIMEOUT: row(12, true),
  MESSAGE_ILLEGAL: row(13),
  SERVICE_NOT_AVAILABLE: row(14, true),
  VERSION_NOT_SUPPORTED: row(15),
  NO_PERMISSION: row(16),
  TOPIC_NOT_EXIST: row(17, true),
  TOPIC_EXIST_ALREADY: row(18),
  PULL_NOT_FOUND: row(19),
  PULL_RETRY_IMMEDIATELY: row(20),
  PULL_OFFSET_MOVED: row(21),
  QUERY_NOT_FOUND: row(22),
  SUBSCRIPTION_PARSE_FAILED: row(23),
  SUBSCRIPTION_NOT_EXIST: row(24, true),
  SUBSCRIPTION_NOT_LATEST: row(25, true),
  SUBSCRIPTION_GROUP_NOT_EXIST: row(26),
  FILTER_DATA_NOT_EXIST: row(27, true),
  FILTER_DATA_NOT_LATEST: row(28, true),
  INVALID_PARAMETER: row(29),
  TRANSACTION_SHOULD_COMMIT: row(200),
  TRANSACTION_SHOULD_ROLLBACK: row(201),
  TRANSACTION_STATE_UNKNOW: row(202),
  TRANSACTION_STATE_GROUP_WRONG: row(203),
  NO_BUYER_ID: row(204, true),
  NOT_IN_CURRENT_UNIT: row(205, true),
  CONSUMER_NOT_ONLINE: row(206, true),
  CONSUME_MSG_TIMEOUT: row(207, true),
  NO_MESSAGE: row(208),
  POLLING_FULL: row(209, true),
  POLLING_TIMEOUT: row(210, true),
  BROKER_NOT_EXIST: row(211, true),
  BROKER_DISPATCH_NOT_COMPLETE: row(212, true),
  BROADCAST_CONSUMPTION: row(213),
  FLOW_CONTROL: row(215, true),
  NOT_LEADER_FOR_QUEUE: row(501, true),
  ILLEGAL_OPERATION: row(604),
  GO_AWAY: row(1500, true),
  LMQ_QUOTA_EXCEEDED: row(2017),
  LITE_SUBSCRIPTION_QUOTA_EXCEEDED: row(2018),
  USER_NOT_EXIST: row(3001),
  POLICY_NOT_EXIST: row(3002),
} as const satisfies Record<string, ResponseCodeRow>

/** RocketMQ's name of a response code. */
export type ResponseCode = keyof typeof RESPONSE_CODES

const NAMES: ReadonlyMap<number, ResponseCode> = new Map(
  Object.entries(RESPONSE_CODES).map(([name, { code }]) => [code, name as ResponseCode]),
)

/** The name of a code on the wire, or undefined for one that is not in the table. */
export function responseCodeName(code: number): ResponseCode | undefined {
  return NAMES.get(code)
}

const UNKNOWN_REQUEST = '; the server is too old for it, or a proxy, which serves only what most clients need'

/** The error that an answer with this code is. */
export function brokerError(code: number, remark: string | undefined, details: ErrorDetails = {}): BrokerError {
  const name = responseCodeName(code)
  const shown = name === undefined ? `code ${code}` : `${name} (${code})`
  const from = details.address === undefined ? '' : ` from ${details.address}`
  const message = `${details.command ?? 'the request'} was answered ${shown}${from}: ${remark ?? 'no remark'}`
  const denial = denialOf(code, remark)
  if (denial !== undefined) {
    const { cure, ...denied } = denial
    return new BrokerError(name ?? String(code), remark, `${message}; ${cure}`, { ...details, ...denied })
  }
  const retriable = name !== undefined && RESPONSE_CODES[name].retriable
  const cure = name === 'REQUEST_CODE_NOT_SUPPORTED' ? UNKNOWN_REQUEST : ''
  return new BrokerError(name ?? String(code), remark, `${message}${cure}`, { ...details, retriable })
}
