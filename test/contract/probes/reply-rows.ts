import { PUSH_REPLY_MESSAGE_TO_CLIENT } from '../../../lib/commands/callback'
import { SEND_REPLY_MESSAGE, SEND_REPLY_MESSAGE_V2 } from '../../../lib/commands/send'
import { encodeProperties } from '../../../lib/wire/properties'
import { sendHeader } from '../../support/send-header'
import { REGION, offsetMsgIdOf, withHelp } from './answers'
import { anyOffset } from './expected'
import { freshTopic, heartbeat } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const reply = rowsOf(SEND_REPLY_MESSAGE_V2)
const replyLong = rowsOf(SEND_REPLY_MESSAGE)
const BODY = Buffer.from('a reply')

/** A client that has asked, on a connection of its own. */
async function requester(stage: Stage): Promise<string> {
  const which = 'a client that asks'
  const clientId = stage.unique('asking')
  const { handlers } = await stage.connection('broker', { which })
  handlers.on(PUSH_REPLY_MESSAGE_TO_CLIENT, () => ({ code: 'SUCCESS' }) as const)
  await heartbeat(stage, clientId, { producers: [stage.unique('askers')], which })
  return clientId
}

interface Given {
  readonly topic: string
  readonly clientId: string
}

const given = async (stage: Stage): Promise<Given> => {
  return { topic: await freshTopic(stage), clientId: await requester(stage) }
}

const request = (topic: string, properties: Record<string, string>) => ({
  header: sendHeader(topic, {
    properties: encodeProperties({ MSG_TYPE: 'reply', CORRELATION_ID: 'c', ...properties }),
  }),
  body: BODY,
})

/** A reply is stored whether it was taken or not. */
const stored = (stage: Stage) => ({ msgId: offsetMsgIdOf(stage), queueId: '0', queueOffset: anyOffset, ...REGION })

export const REPLY_ROWS = [
  reply({
    name: 'a reply is pushed to the client that asked, and stored',
    given,
    request: ({ topic, clientId }) => request(topic, { REPLY_TO_CLIENT: clientId }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: stored(stage) }),
  }),
  replyLong({
    name: 'a reply may come with the long names',
    given,
    request: ({ topic, clientId }) => request(topic, { REPLY_TO_CLIENT: clientId }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: stored(stage) }),
  }),
  reply({
    name: 'a reply to a client that the broker does not know is told, and stored',
    given: freshTopic,
    request: topic => request(topic, { REPLY_TO_CLIENT: 'nobody' }),
    code: 'SYSTEM_ERROR',
    answer: (_, stage) => ({
      remark: 'push reply message fail, channel of <nobody> not found.',
      fields: stored(stage),
    }),
  }),
  replyLong({
    name: 'a reply to nobody is told, and stored',
    given: freshTopic,
    request: topic => request(topic, {}),
    code: 'SYSTEM_ERROR',
    answer: (_, stage) => ({ remark: 'reply message properties[REPLY_TO_CLIENT] is null', fields: stored(stage) }),
  }),
  reply({
    name: 'a reply to a topic that is not there is refused',
    given: async stage => stage.unique('Probe'),
    request: topic => ({ header: sendHeader(topic, { defaultTopic: 'not-there' }), body: BODY }),
    code: 'TOPIC_NOT_EXIST',
    answer: topic => ({ remark: withHelp(`topic[${topic}] not exist, apply first please!`), fields: REGION }),
  }),
]
