import { RESPONSE_CODES, type ResponseCode, brokerError } from '../commands/response-code'
import type { BrokerError } from '../errors'
import type { Generation } from './generation'

/** What a handler throws to answer with a code and a remark alone. */
export function refusal(code: ResponseCode, remark: string): BrokerError {
  return brokerError(RESPONSE_CODES[code].code, remark)
}

/** What real remarks add for those who want to know more. */
export function seeHelp({ helpUrl }: Generation): string {
  return `\nSee ${helpUrl} for further details.`
}
