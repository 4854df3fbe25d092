import { RocketMQError } from '../../../lib/errors'
import { delayMsOf, parseDelayLevels, parseDelayTimeLevel } from '../../../lib/model/delay-level'
import type { Message } from '../../../lib/model/message'
import { forEachProperty, joinKeys, parseWaitStoreMsgOK } from '../../../lib/model/message-properties'
import { checkBatch, checkBodySize, checkMessage } from '../../../lib/model/message-rules'
import { isClosedToClients, isSystemTopic } from '../../../lib/model/system-topics'
import { checkUserProperty } from '../../../lib/model/user-properties'
import { checkGroup, checkTopic } from '../../../lib/model/validators'
import type { Check, Op } from '../vector-file'

const MESSAGE = { topic: 'T', body: 'a' }

/** Java's response code of a message that is refused for itself; topics are refused with none, -1. */
const MESSAGE_ILLEGAL = 13

function propertiesOf(message: Message): Record<string, string> {
  const properties = new Map<string, string>()
  forEachProperty(message, (name, value) => properties.set(name, value))
  return Object.fromEntries(properties)
}

/** What Java answers for a rule that either holds or throws; its words are its own. */
function verdict(rule: () => void): { ok: boolean; responseCode: number } {
  try {
    rule()
    return { ok: true, responseCode: 0 }
  } catch (error) {
    if (!RocketMQError.is(error)) throw error
    return { ok: false, responseCode: error.code === 'INVALID_MESSAGE' ? MESSAGE_ILLEGAL : -1 }
  }
}

function agree(rule: () => void, { ok, responseCode }: Record<string, unknown>): void {
  const ours = verdict(rule)
  const sameCode = responseCode === undefined || responseCode === ours.responseCode
  if (ours.ok !== ok || !sameCode)
    throw new Error(`${JSON.stringify(ours)} where Java says ${JSON.stringify({ ok, responseCode })}`)
}

function batchOf(input: Record<string, unknown>): Message[] {
  const topics = String(input['topics'])
  const messages: Message[] = topics === '' ? [] : topics.split(',').map(topic => ({ topic, body: 'a' }))
  const last = messages.pop()
  if (last === undefined) return []
  return [...messages, { ...last, delayTimeLevel: Number(input['delayLevelOfLast']), ...noted(input['note']) }]
}

function noted(note: unknown): Partial<Message> {
  switch (note) {
    case '':
      return {}
    case 'last message has WAIT=false':
      return { waitStoreMsgOK: false }
    default:
      throw new Error(`unknown note ${String(note)}`)
  }
}

export const fields = {
  checkTopic: { in: ['topic'], out: ['ok', 'message'] },
  checkGroup: { in: ['group'], out: ['ok', 'message'] },
  checkMessage: { in: ['topic', 'bodyLength', 'maxMessageSize', 'message'], out: ['ok', 'responseCode', 'message'] },
  generateBatch: { in: ['topics', 'delayLevelOfLast', 'note'], out: ['ok', 'message'] },
}

export const checks: Readonly<Record<string, Check>> = {
  checkTopic: ({ topic }, out) => agree(() => checkTopic(topic), out),
  checkGroup: ({ group }, out) => agree(() => checkGroup(group), out),
  checkMessage: ({ topic, bodyLength, maxMessageSize, message }, out) => {
    const body = bodyLength === null ? null : Buffer.alloc(Number(bodyLength ?? 0))
    const given = (message === undefined ? { topic, body } : message) as Message | null
    agree(() => {
      checkMessage(given)
      checkBodySize(given.topic, given.body.length, Number(maxMessageSize))
    }, out)
  },
  generateBatch: (input, out) => agree(() => checkBatch(batchOf(input)), out),
}

export const ops: Readonly<Record<string, Op>> = {
  systemTopic: ({ topic }) => {
    if (topic === null) checkTopic(topic)
    return { isSystem: isSystemTopic(String(topic)), notAllowedToSend: isClosedToClients(String(topic)) }
  },
  newMessage: ({ topic, bodyHex }) => {
    const message: Message = { topic: String(topic), body: Buffer.from(String(bodyHex), 'hex') }
    const properties = propertiesOf(message)
    return {
      flag: message.flag ?? 0,
      properties,
      waitStoreMsgOK: parseWaitStoreMsgOK(properties['WAIT']),
      delayTimeLevel: parseDelayTimeLevel(properties['DELAY']),
      tags: properties['TAGS'] ?? null,
      keys: properties['KEYS'] ?? null,
    }
  },
  putUserProperty: ({ name, value }) => {
    checkUserProperty(name, value)
    return { properties: propertiesOf({ ...MESSAGE, properties: { [String(name)]: String(value) } }) }
  },
  setKeys: ({ keys }) => ({ keys: joinKeys(keys as string[]) }),
  setDelayTimeLevel: ({ level }) => {
    const properties = propertiesOf({ ...MESSAGE, delayTimeLevel: Number(level) })
    return { properties, level: parseDelayTimeLevel(properties['DELAY']) }
  },
  getDelayTimeLevel: input => ({ level: parseDelayTimeLevel((input['DELAY'] ?? undefined) as string | undefined) }),
  isWaitStoreMsgOK: input => ({
    waitStoreMsgOK: parseWaitStoreMsgOK((input['WAIT'] ?? undefined) as string | undefined),
  }),
  setDelayTimeSec: ({ sec }) => ({ properties: propertiesOf({ ...MESSAGE, delayMs: Number(sec) * 1000 }) }),
  delayLevelTable: ({ levels }) => {
    const table = parseDelayLevels(String(levels))
    const millisByLevel = table.delaysMs.map((_, i) => [i + 1, String(delayMsOf(table, i + 1))])
    return { millisByLevel: Object.fromEntries(millisByLevel) as unknown }
  },
}
