import type { MessageExt } from '../../../../lib/model/message'
import { asReply, asRequest, replyMessageTo } from '../../../../lib/producer/request/request-message'
import { prepareMessage } from '../../../../lib/sending/prepared-message'
import { decodeProperties } from '../../../../lib/wire/properties'
import { UniqueIds } from '../../../../lib/wire/unique-id'

const prepared = () => prepareMessage({ topic: 'T', body: 'x' }, { uniqueIds: new UniqueIds(), maxMessageSize: 100 })
const OWN = { CORRELATION_ID: 'id', REPLY_TO_CLIENT: 'me@1' }
const ASKED = { ...OWN, CLUSTER: 'C', TTL: '3000' }
const request = (properties: Record<string, string> = ASKED) =>
  ({ topic: 'T', msgId: 'M', properties }) as unknown as MessageExt

describe('the message of a request', () => {
  it('tells who waits for the reply, and how long', () => {
    const { properties, command } = asRequest(prepared(), { correlationId: 'id', clientId: 'me@1', timeoutMs: 2999.5 })
    expect(decodeProperties(properties)).toMatchObject({ ...OWN, TTL: '3000' })
    expect(command.name).toBe('SEND_MESSAGE_V2')
  })
})

describe('the message of a reply', () => {
  it('goes to the topic of replies of the cluster, as body or message', () => {
    expect(replyMessageTo(request(), 'text')).toEqual({ topic: 'C_REPLY_TOPIC', body: 'text' })
    const bytes = Buffer.from('x')
    expect(replyMessageTo(request(), bytes)).toEqual({ topic: 'C_REPLY_TOPIC', body: bytes })
    expect(replyMessageTo(request(), { body: 'x', tags: 'T' })).toMatchObject({ topic: 'C_REPLY_TOPIC', tags: 'T' })
  })

  it('has what it needs to find whoever asked, and a command of its own', () => {
    const reply = asReply(prepared(), request())
    expect(decodeProperties(reply.properties)).toMatchObject({ ...OWN, TTL: '3000', MSG_TYPE: 'reply' })
    expect(reply.command.name).toBe('SEND_REPLY_MESSAGE_V2')
  })

  it('needs no TTL', () => {
    expect(decodeProperties(asReply(prepared(), request({ ...OWN, CLUSTER: 'C' })).properties)).not.toHaveProperty(
      'TTL',
    )
  })

  it.each(['CLUSTER', 'CORRELATION_ID', 'REPLY_TO_CLIENT'])('is none to a message without %s', name => {
    expect(() => replyMessageTo(request({ ...ASKED, [name]: '' }), 'x')).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE', message: expect.stringContaining(name) }),
    )
  })
})
