import { asRequest } from '../../../../lib/producer/request/request-message'
import { prepareMessage } from '../../../../lib/sending/prepared-message'
import { decodeProperties } from '../../../../lib/wire/properties'
import { UniqueIds } from '../../../../lib/wire/unique-id'

const prepared = () => prepareMessage({ topic: 'T', body: 'x' }, { uniqueIds: new UniqueIds(), maxMessageSize: 100 })
const OWN = { CORRELATION_ID: 'id', REPLY_TO_CLIENT: 'me@1' }

describe('the message of a request', () => {
  it('tells who waits for the reply, and how long', () => {
    const { properties, command } = asRequest(prepared(), { correlationId: 'id', clientId: 'me@1', timeoutMs: 2999.5 })
    expect(decodeProperties(properties)).toMatchObject({ ...OWN, TTL: '3000' })
    expect(command.name).toBe('SEND_MESSAGE_V2')
  })
})
