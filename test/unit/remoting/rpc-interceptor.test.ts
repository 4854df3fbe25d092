import { rpcContext, rpcResponse, withExtraFields } from '../../../lib/remoting/rpc-interceptor'
import { EMPTY_BODY, type RemotingCommand } from '../../../lib/wire/remoting-command'

describe('what interceptors of requests see', () => {
  it('is a request without its secrets', () => {
    const extFields = { topic: 'T', AccessKey: 'ak', SecurityToken: 't', Signature: 's', password: 'p', none: null }
    const content = { code: 10, extFields, body: Buffer.from('hello') }
    expect(rpcContext('SEND_MESSAGE', content, { address: 'a:1', oneway: false })).toEqual({
      operation: 'rpc',
      address: 'a:1',
      command: 'SEND_MESSAGE',
      code: 10,
      oneway: false,
      fields: {
        topic: 'T',
        AccessKey: '[redacted]',
        SecurityToken: '[redacted]',
        Signature: '[redacted]',
        password: '[redacted]',
        none: '',
      },
      bodyBytes: 5,
      extraFields: {},
    })
    expect(rpcContext('X', { code: 1 }, { address: 'a', oneway: true })).toMatchObject({ bodyBytes: 0, oneway: true })
  })

  it('is an answer, by the name of its code', () => {
    const frame: RemotingCommand = {
      code: 0,
      language: 'JAVA',
      version: 1,
      opaque: 1,
      flag: 1,
      remark: 'fine',
      extFields: { secretKey: 'x', msgId: 'm' },
      body: EMPTY_BODY,
      serializeType: 'JSON',
    }
    const shown = { code: 'SUCCESS', remark: 'fine', fields: { secretKey: '[redacted]', msgId: 'm' }, bodyBytes: 0 }
    expect(rpcResponse(frame)).toEqual(shown)
    expect(rpcResponse({ ...frame, code: 4711, extFields: undefined })).toMatchObject({ code: '4711', fields: {} })
  })

  it('and what they add goes along', () => {
    const content = { code: 10, extFields: { topic: 'T' } }
    const context = rpcContext('X', content, { address: 'a', oneway: false })
    expect(withExtraFields(content, context)).toBe(content)
    context.extraFields['OnsChannel'] = 'ALIYUN'
    expect(withExtraFields(content, context)).toEqual({ code: 10, extFields: { topic: 'T', OnsChannel: 'ALIYUN' } })
  })
})
