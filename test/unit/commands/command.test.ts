import { bytes, json } from '../../../lib/commands/body'
import {
  command,
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  malformed,
} from '../../../lib/commands/command'
import { int, long, optional, string } from '../../../lib/commands/field'
import { RESPONSE_CODES } from '../../../lib/commands/response-code'
import { fieldsOf, textOf } from '../../../lib/commands/shape'
import { EMPTY_BODY, type RemotingCommand } from '../../../lib/wire/remoting-command'

const PULL = command('PULL', {
  code: 11,
  peer: 'broker',
  request: { header: { topic: string, queueId: int }, wireNames: { topic: 'b' }, body: bytes },
  response: { header: { nextBeginOffset: long, hint: optional(string) }, body: json(value => fieldsOf(value, 'it')) },
  answers: ['SUCCESS', 'PULL_NOT_FOUND'],
  bare: ['QUERY_NOT_FOUND'],
})
const NOTIFY = command('NOTIFY', { code: 40, peer: 'client' })
const AT = { address: 'h:1' }

function frame(fields: Partial<RemotingCommand>): RemotingCommand {
  return {
    code: 0,
    language: 'JAVA',
    version: 0,
    opaque: 1,
    flag: 1,
    remark: undefined,
    extFields: undefined,
    body: EMPTY_BODY,
    serializeType: 'JSON',
    ...fields,
  }
}

describe('command', () => {
  it('fills in what a row may leave out', () => {
    expect(NOTIFY).toMatchObject({
      name: 'NOTIFY',
      hasResponse: false,
      answers: new Set(['SUCCESS']),
      bare: new Set(),
      since: undefined,
      headerType: undefined,
    })
  })
})

describe('encodeRequest', () => {
  it('has the code of the row, the header under the names of the wire, and the body', () => {
    const body = Buffer.from('b')
    expect(encodeRequest(PULL, { header: { topic: 'T', queueId: 1 }, body })).toEqual({
      code: 11,
      extFields: { b: 'T', queueId: '1' },
      body,
    })
  })

  it('has neither fields nor body where the row has none', () => {
    expect(encodeRequest(NOTIFY, {})).toEqual({ code: 40, extFields: undefined, body: undefined })
  })
})

describe('decodeRequest', () => {
  it('gives what was encoded', () => {
    const request = { header: { topic: 'T', queueId: 1 }, body: Buffer.from('b') }
    const { extFields, body } = encodeRequest(PULL, request)
    expect(decodeRequest(PULL, frame({ extFields, body: Buffer.from(body ?? []) }))).toEqual(request)
  })

  it('fails with a typed error where a field is missing', () => {
    expect(() => decodeRequest(PULL, frame({}))).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })
})

describe('encodeReply', () => {
  it('has the number of the answer, header, body and remark', () => {
    const reply = { code: 'PULL_NOT_FOUND', header: { nextBeginOffset: 7 }, body: { a: 1 }, remark: 'none' } as const
    expect(encodeReply(PULL, reply)).toEqual({
      code: RESPONSE_CODES.PULL_NOT_FOUND.code,
      remark: 'none',
      extFields: { nextBeginOffset: '7' },
      body: Buffer.from('{"a":1}'),
    })
  })

  it('has neither header nor body for a bare answer', () => {
    expect(encodeReply(PULL, { code: 'QUERY_NOT_FOUND' })).toMatchObject({
      code: 22,
      extFields: undefined,
      body: EMPTY_BODY,
    })
  })
})

describe('decodeReply', () => {
  it('gives an answer of the row with its header and body', () => {
    const reply = decodeReply(
      PULL,
      frame({ code: 19, remark: 'none', extFields: { nextBeginOffset: '7' }, body: Buffer.from('{"a":1}') }),
      AT,
    )
    expect(reply).toEqual({ code: 'PULL_NOT_FOUND', remark: 'none', header: { nextBeginOffset: 7 }, body: { a: 1 } })
  })

  it('looks neither at the header nor at the body of a bare answer', () => {
    expect(decodeReply(PULL, frame({ code: 22, body: Buffer.from('{') }), AT)).toEqual({ code: 'QUERY_NOT_FOUND' })
  })

  it.each([
    [17, 'TOPIC_NOT_EXIST'],
    [77_777, '77777'],
  ])('throws a BrokerError for the code %i, which the row does not list', (code, responseCode) => {
    expect(() => decodeReply(PULL, frame({ code, remark: 'sorry' }), AT)).toThrow(
      expect.objectContaining({ name: 'BrokerError', responseCode, remark: 'sorry', command: 'PULL', address: 'h:1' }),
    )
  })

  it.each([
    [
      'PROTOCOL_ERROR',
      {},
      'the answer to PULL from h:1 cannot be read: the header lacks the required field nextBeginOffset',
    ],
    ['PROTOCOL_ERROR', { extFields: { nextBeginOffset: 'x' } }, 'the answer to PULL from h:1 cannot be read: '],
    [
      'UNSAFE_INTEGER',
      { extFields: { nextBeginOffset: '9007199254740993' } },
      'the answer to PULL from h:1 cannot be read',
    ],
    [
      'PROTOCOL_ERROR',
      { extFields: { nextBeginOffset: '7' }, body: Buffer.from('[]') },
      'the answer to PULL from h:1 cannot be read: it is not of the shape',
    ],
  ])('fails with %s, the place and the request, on an answer of %j', (code, fields, message) => {
    expect(() => decodeReply(PULL, frame(fields), AT)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message), address: 'h:1', command: 'PULL' }),
    )
  })

  it('makes a typed error of whatever a body codec throws', () => {
    const broken = command('BROKEN', {
      code: 1,
      peer: 'broker',
      response: {
        body: json(() => {
          throw new TypeError('a defect')
        }),
      },
    })
    expect(() => decodeReply(broken, frame({}), {})).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_ERROR', message: 'the answer to BROKEN cannot be read: a defect' }),
    )
  })
})

describe('malformed', () => {
  it('is the error that readers of bodies throw', () => {
    expect(() => textOf(1, 'a name')).toThrow(malformed('a name'))
  })
})
