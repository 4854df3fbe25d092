import type { ResponseCode } from '../commands/response-code'
import { Refusal } from '../remoting/refusal'
import type { ExtFields } from '../wire/remoting-command'
import type { Generation } from './generation'

/** Real brokers leave their default remark in some answers, also good ones. */
export const NO_REMARK = 'not set any response code'

/** What a handler throws to answer with a code, mostly a remark, and perhaps a few header fields. */
export function refusal(code: ResponseCode, remark?: string, fields?: ExtFields): Refusal {
  return new Refusal(code, remark, fields)
}

/** What a handler throws where the real broker is caught by an exception of its own. */
export class JavaException extends Refusal {
  constructor(text: string) {
    super('SYSTEM_ERROR', text)
  }
}

/** What real remarks add for those who want to know more. */
export function seeHelp({ helpUrl }: Generation): string {
  return `\nSee ${helpUrl} for further details.`
}
