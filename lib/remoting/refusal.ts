import { type ResponseCode, RESPONSE_CODES, brokerError } from '../commands/response-code'
import { BrokerError } from '../errors'
import type { ExtFields } from '../wire/remoting-command'

/** What a request handler throws to answer with a code, a remark and perhaps a few header fields. */
export class Refusal extends BrokerError {
  /** Header fields of the answer. */
  readonly fields: ExtFields | undefined

  constructor(code: ResponseCode, remark?: string, fields?: ExtFields) {
    const { message, retriable } = brokerError(RESPONSE_CODES[code].code, remark)
    super(code, remark, message, { retriable })
    this.fields = fields
  }

  /** The same with more header fields. */
  with(fields: ExtFields): Refusal {
    return new Refusal(this.responseCode as ResponseCode, this.remark, { ...fields, ...this.fields })
  }
}
