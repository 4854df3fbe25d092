import { HEART_BEAT } from '../../../lib/commands/client'
import { encodeRequest } from '../../../lib/commands/command'
import { COMMANDS } from '../../../lib/commands/index'
import { needsAdmin, needsOf } from '../../../lib/emulator/needs'
import { EMPTY_BODY, type RemotingCommand } from '../../../lib/wire/remoting-command'

const frame = (code: number, extFields: Record<string, string> = {}, body: Buffer = EMPTY_BODY): RemotingCommand => ({
  code,
  extFields,
  body,
  language: 'OTHER',
  version: 477,
  opaque: 1,
  flag: 0,
  remark: undefined,
  serializeType: 'JSON',
})

const subscription = (topic: string) => ({
  topic,
  subString: '*',
  tagsSet: [],
  codeSet: [],
  classFilterMode: false,
  subVersion: 1,
  expressionType: 'TAG' as const,
})

describe('needsOf', () => {
  it.each([
    [COMMANDS.SEND_MESSAGE, { topic: 'T', producerGroup: 'p' }, [{ kind: 'topic', name: 'T', perm: 'PUB' }]],
    [COMMANDS.SEND_MESSAGE_V2, { a: 'p', b: 'T' }, [{ kind: 'topic', name: 'T', perm: 'PUB' }]],
    [COMMANDS.SEND_MESSAGE_V2, { a: 'p', b: '%RETRY%g' }, [{ kind: 'group', name: 'g', perm: 'SUB' }]],
    [
      COMMANDS.PULL_MESSAGE,
      { topic: 'T', consumerGroup: 'g' },
      [
        { kind: 'topic', name: 'T', perm: 'SUB' },
        { kind: 'group', name: 'g', perm: 'SUB' },
      ],
    ],
    [COMMANDS.UNREGISTER_CLIENT, { clientID: 'c', producerGroup: 'p' }, []],
    [COMMANDS.GET_MAX_OFFSET, { topic: 'T' }, []],
  ])('finds in %# what a request is about', (command, fields, needs) => {
    expect(needsOf(frame(command.code, fields as Record<string, string>))).toEqual(needs)
  })

  it('finds all groups and topics of a heartbeat', () => {
    const consumer = {
      groupName: 'g',
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      unitMode: false,
      subscriptionDataSet: [subscription('T'), subscription('%RETRY%g')],
    } as const
    const data = { clientID: 'c', producerDataSet: [{ groupName: 'p' }], consumerDataSet: [consumer] }
    const { body } = encodeRequest(HEART_BEAT, { body: data })
    expect(needsOf(frame(HEART_BEAT.code, {}, Buffer.from(body ?? [])))).toEqual([
      { kind: 'group', name: 'g', perm: 'SUB' },
      { kind: 'topic', name: 'T', perm: 'SUB' },
      { kind: 'group', name: 'g', perm: 'SUB' },
    ])
  })
})

describe('needsAdmin', () => {
  it('is true for what makes and deletes topics and groups', () => {
    expect(needsAdmin(frame(COMMANDS.UPDATE_AND_CREATE_TOPIC.code))).toBe(true)
    expect(needsAdmin(frame(COMMANDS.SEND_MESSAGE_V2.code))).toBe(false)
  })
})
