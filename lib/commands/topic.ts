import type { MessageQueue } from '../model/message-queue'
import { json } from './body'
import { command } from './command'
import { boolean, int, optional, string } from './field'
import { TARGET_BROKER } from './rpc'
import { booleanOf, entriesOf, fieldsOf, messageQueueOf, numberOf, optionalTextOf, textOf } from './shape'

/** Creates a topic on one broker, or changes it. `attributes` of 5.x: `+message.type=DELAY,-name`. */
export const UPDATE_AND_CREATE_TOPIC = command('UPDATE_AND_CREATE_TOPIC', {
  code: 17,
  peer: 'broker',
  request: {
    header: {
      topic: string,
      defaultTopic: string,
      readQueueNums: int,
      writeQueueNums: int,
      perm: int,
      topicFilterType: string,
      topicSysFlag: optional(int),
      order: optional(boolean),
      attributes: optional(string),
      force: optional(boolean),
    },
  },
  response: {},
})

/** Deletes a topic with its messages from one broker. */
export const DELETE_TOPIC_IN_BROKER = command('DELETE_TOPIC_IN_BROKER', {
  code: 215,
  peer: 'broker',
  request: { header: { topic: string } },
  response: {},
})

/** Range of a queue (Java `TopicOffset`). */
export interface TopicOffset {
  /** The oldest offset that is stored. */
  readonly minOffset: number
  /** The offset that the next message will get. */
  readonly maxOffset: number
  /** Store time of the last message, ms; 0 where there is none. */
  readonly lastUpdateTimestamp: number
}

function topicOffsetOf(value: unknown, what: string): TopicOffset {
  const fields = fieldsOf(value, what)
  return {
    minOffset: numberOf(fields['minOffset'], what),
    maxOffset: numberOf(fields['maxOffset'], what),
    lastUpdateTimestamp: numberOf(fields['lastUpdateTimestamp'], what),
  }
}

/** What GET_TOPIC_STATS_INFO answers. */
export interface TopicStats {
  readonly offsetTable: readonly (readonly [MessageQueue, TopicOffset])[]
}

/** Ranges of the queues of a topic on one broker. */
export const GET_TOPIC_STATS_INFO = command('GET_TOPIC_STATS_INFO', {
  code: 202,
  peer: 'broker',
  request: { header: { topic: string, ...TARGET_BROKER } },
  response: {
    body: json(
      (value): TopicStats => ({
        offsetTable: entriesOf(fieldsOf(value, 'topic stats')['offsetTable'], 'topic stats', {
          key: messageQueueOf,
          value: topicOffsetOf,
        }),
      }),
      ({ offsetTable }) => ({ offsetTable: new Map(offsetTable) }),
    ),
  },
})

/** What a broker has stored of a topic's settings (Java `TopicConfig`). */
export interface TopicSettings {
  readonly topicName: string
  readonly readQueueNums: number
  readonly writeQueueNums: number
  readonly perm: number
  readonly topicFilterType: string
  readonly topicSysFlag: number
  readonly order: boolean
  readonly attributes: ReadonlyMap<string, string>
}

function topicSettingsOf(value: unknown): TopicSettings {
  const what = 'the settings of a topic'
  const fields = fieldsOf(value, what)
  return {
    topicName: textOf(fields['topicName'], what),
    readQueueNums: numberOf(fields['readQueueNums'], what),
    writeQueueNums: numberOf(fields['writeQueueNums'], what),
    perm: numberOf(fields['perm'], what),
    topicFilterType: optionalTextOf(fields['topicFilterType'], what) ?? 'SINGLE_TAG',
    topicSysFlag: numberOf(fields['topicSysFlag'], what),
    order: booleanOf(fields['order'], what),
    attributes: new Map(entriesOf(fields['attributes'], what, { key: textOf, value: textOf })),
  }
}

/** Settings of a topic on one broker; from 5.0. */
export const GET_TOPIC_CONFIG = command('GET_TOPIC_CONFIG', {
  code: 351,
  peer: 'broker',
  since: '5.0',
  request: { header: { topic: string, ...TARGET_BROKER } },
  response: { body: json(topicSettingsOf) },
})
