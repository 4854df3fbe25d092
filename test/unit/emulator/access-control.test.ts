import { COMMANDS } from '../../../lib/commands/index'
import { AccessControl } from '../../../lib/emulator/access-control'
import type { EmulatedVersion } from '../../../lib/emulator/generation'
import { RequestSigner } from '../../../lib/remoting/request-signer'
import { EMPTY_BODY, type ExtFields, type RemotingCommand } from '../../../lib/wire/remoting-command'
import { openFakeChannel } from '../../support/channel-on-fake-socket'

const KEYS = { accessKey: 'bob', secretKey: 'bobs-secret' }
const accounts = [
  { ...KEYS, topicPerms: { Open: 'PUB', Closed: 'DENY' } },
  { accessKey: 'root', secretKey: 'roots-secret', admin: true },
] as const
const PULL = { topic: 'Open', consumerGroup: 'g' }

function frame(code: number, extFields: ExtFields | undefined): RemotingCommand {
  const rest = {
    language: 'OTHER',
    version: 477,
    opaque: 1,
    flag: 0,
    remark: undefined,
    serializeType: 'JSON',
  } as const
  return { code, extFields, body: EMPTY_BODY, ...rest }
}

/** What is answered to a request that `keys` have signed; without keys it is not signed. */
function refusal(version: EmulatedVersion, code: number, fields: ExtFields, keys?: typeof KEYS) {
  const signed =
    keys === undefined ? fields : new RequestSigner(keys).sign({ code, extFields: fields }, 'JSON').extFields
  return new AccessControl(accounts, version).refusal(frame(code, signed), openFakeChannel().channel)
}

const SEND = COMMANDS.SEND_MESSAGE_V2.code
const EXCEPTION = 'org.apache.rocketmq.acl.common.AclException'

describe('AccessControl', () => {
  it.each(['5', '4.9'] as const)('lets through in %s what is signed and allowed', version => {
    expect(refusal(version, SEND, { a: 'p', b: 'Open' }, KEYS)).toBeUndefined()
    const root = { accessKey: 'root', secretKey: 'roots-secret' }
    expect(refusal(version, COMMANDS.UPDATE_AND_CREATE_TOPIC.code, { topic: 'T' }, root)).toBeUndefined()
    const flagged = { topic: 'Open', key: 'k', _UNIQUE_KEY_QUERY: 'true' }
    expect(refusal(version, COMMANDS.QUERY_MESSAGE.code, flagged, root)).toBeUndefined()
  })

  it.each([
    ['5', undefined, 'Open', { code: 16, remark: 'username cannot be null.' }],
    ['5', { ...KEYS, accessKey: 'eve' }, 'Open', { code: 16, remark: 'User:eve is not found.' }],
    ['5', { ...KEYS, secretKey: 'guessed' }, 'Open', { code: 16, remark: 'check signature failed.' }],
    [
      '5',
      KEYS,
      'Closed',
      { code: 16, remark: 'User:bob has no permission to access Topic:Closed from 10.0.0.1, the decision is deny.' },
    ],
    [
      '5',
      KEYS,
      'Other',
      { code: 16, remark: 'User:bob has no permission to access Topic:Other from 10.0.0.1, no matched policies.' },
    ],
    ['4.9', undefined, 'Open', { code: 1, remark: `${EXCEPTION}: No accessKey is configured` }],
    ['4.9', { ...KEYS, accessKey: 'eve' }, 'Open', { code: 1, remark: `${EXCEPTION}: No acl config for eve` }],
    [
      '4.9',
      { ...KEYS, secretKey: 'guessed' },
      'Open',
      { code: 1, remark: `${EXCEPTION}: Check signature failed for accessKey=bob` },
    ],
    ['4.9', KEYS, 'Closed', { code: 1, remark: `${EXCEPTION}: No default permission for topic:Closed` }],
  ] as const)('answers in %s, keys %j, topic %s: %j', (version, keys, topic, answer) => {
    expect(refusal(version, SEND, { a: 'p', b: topic }, keys)).toEqual(answer)
  })

  it('names a group that may not be read, and leaves making topics to administrators', () => {
    const code = COMMANDS.CONSUMER_SEND_MSG_BACK.code
    expect(refusal('4.9', code, { group: 'g' }, KEYS)?.remark).toContain('group:g')
    expect(refusal('5', COMMANDS.UPDATE_AND_CREATE_TOPIC.code, { topic: 'T' }, KEYS)?.code).toBe(16)
    expect(refusal('5', COMMANDS.PULL_MESSAGE.code, PULL, KEYS)?.remark).toContain('Topic:Open')
  })

  it('leaves a heartbeat that cannot be read to its handler', () => {
    const fields = new RequestSigner(KEYS).sign({ code: 34 }, 'JSON').extFields
    expect(new AccessControl(accounts, '5').refusal(frame(34, fields), openFakeChannel().channel)).toBeUndefined()
  })
})
