import { command } from './command'
import { optional, string } from './field'
import { TARGET_BROKER } from './rpc'

/** Calls back a timer message that is not delivered yet, by the handle that its send was answered with. */
export const RECALL_MESSAGE = command('RECALL_MESSAGE', {
  code: 370,
  peer: 'broker',
  since: '5.3.2',
  request: {
    header: { producerGroup: optional(string), topic: string, recallHandle: optional(string), ...TARGET_BROKER },
  },
  response: { header: { msgId: string, MSG_REGION: optional(string) } },
})
