import { inspect } from 'node:util'
import fc from '../../support/property'
import type { FrameContent } from '../../../lib/commands/command'
import { RequestSigner } from '../../../lib/remoting/request-signer'
import { signature, signedNames, signedText } from '../../../lib/remoting/signature'
import { decodeFrame } from '../../../lib/wire/frame-decoder'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import type { SerializeType } from '../../../lib/wire/remoting-command'

const KEYS = { accessKey: 'AK', secretKey: 'SK12345678' }
const signer = new RequestSigner(KEYS)

/** What a server checks: the fields that arrive, by its own reading of the frame. */
function isAccepted(content: FrameContent, serializeType: SerializeType): boolean {
  const command = { language: 'OTHER', version: 477, opaque: 1, flag: 0, serializeType, ...content }
  const frame = encodeFrame(command)
  const { extFields, body } = decodeFrame(frame, 4, frame.length)
  const fields = extFields ?? {}
  const text = signedText(fields, signedNames(fields))
  return fields['Signature'] === signature(KEYS.secretKey, text, body)
}

describe('RequestSigner', () => {
  it('signs values in the order of their names, and the body', () => {
    const extFields = { topic: 'T1', b: '中文', _x: 'u' }
    const signed = signer.sign({ code: 10, extFields, body: Buffer.from('body') }, 'JSON')
    expect(signed.extFields).toEqual({ ...extFields, AccessKey: 'AK', Signature: 'ica1C1BS3IcVyexmhktyjrIrAzU=' })
  })

  it('signs a security token like any other field', () => {
    const lent = new RequestSigner({ ...KEYS, securityToken: 'TOKEN' })
    const { extFields } = lent.sign({ code: 105, extFields: { topic: 'T1' } }, 'JSON')
    expect(extFields).toMatchObject({ SecurityToken: 'TOKEN', Signature: 'TGAAJFxDrWWrW4e7xm/37uS8LTw=' })
  })

  it('signs a request without fields', () => {
    const signed = signer.sign({ code: 34, body: Buffer.from('{}') }, 'JSON')
    expect(isAccepted(signed, 'JSON')).toBe(true)
  })

  it('leaves the given request as it is, so that a retry can be signed anew', () => {
    const content = Object.freeze({ code: 310, extFields: Object.freeze({ b: 'T', a: 'G' }) })
    expect(signer.sign(content, 'JSON')).toEqual(signer.sign(content, 'JSON'))
  })

  it.each(['JSON', 'ROCKETMQ'] as const)('is right for whatever fields a %s header carries', serializeType => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(''), fc.constant(null))
    const fields = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/), value, { noNullPrototype: true })
    fc.assert(
      fc.property(fields, fc.uint8Array(), fc.integer({ min: 1, max: 3 }), (extFields, body, code) =>
        isAccepted(signer.sign({ code, extFields, body }, serializeType), serializeType),
      ),
    )
  })

  it('adds the flag of a query by unique key behind the signature, and speaks as a client up to 4.9.3', () => {
    const plain = signer.sign({ code: 12, extFields: { topic: 'T', key: 'k' } }, 'JSON')
    const flagged = signer.sign({ code: 12, extFields: { topic: 'T', key: 'k', _UNIQUE_KEY_QUERY: 'true' } }, 'JSON')
    expect(flagged.extFields).toEqual({ ...plain.extFields, _UNIQUE_KEY_QUERY: 'true' })
    expect(flagged.writer?.version).toBe(399)
    expect(plain.writer).toBeUndefined()
  })

  it('shows its secret to nobody', () => {
    const lent = new RequestSigner({ ...KEYS, securityToken: 'TOKEN' })
    const shown = inspect(lent, { depth: null, showHidden: true }) + JSON.stringify(lent)
    expect(shown).not.toMatch(/SK12345678|TOKEN/)
  })
})
