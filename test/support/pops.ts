import type { RequestOf } from '../../lib/commands/command'
import { POP_MESSAGE } from '../../lib/commands/pop'
import { type PopAnswer, readPopAnswer } from '../../lib/consumer/pop/pop-answer'
import { parseExtraInfo, type PopExtraInfo } from '../../lib/wire/pop-extra-info'
import type { StoredMessage } from '../../lib/wire/stored-message'
import type { EmulatorSite } from './emulator-site'

export type PopHeader = RequestOf<typeof POP_MESSAGE>['header']

/** Header of a pop of queue 0 of group `billing` that does not wait and begins with the oldest message. */
export function popHeader(topic: string, rest: Partial<PopHeader> = {}): PopHeader {
  return {
    consumerGroup: 'billing',
    topic,
    queueId: 0,
    maxMsgNums: 32,
    invisibleTime: 60_000,
    pollTime: 0,
    bornTime: 0,
    initMode: 0,
    ...rest,
  }
}

/** Pops from the first broker of an emulator. */
export async function pop(site: EmulatorSite, topic: string, rest: Partial<PopHeader> = {}): Promise<PopAnswer> {
  const reply = await site.invoke(POP_MESSAGE, { header: popHeader(topic, rest) })
  return readPopAnswer(reply, { consumerGroup: 'billing', brokerName: 'broker-a', topic, order: rest.order === true })
}

/** What an acknowledgement of a popped message says. */
export function handleOf(message: StoredMessage | undefined): PopExtraInfo & { readonly extraInfo: string } {
  const extraInfo = message?.property('POP_CK') ?? ''
  return { ...parseExtraInfo(extraInfo), extraInfo }
}
