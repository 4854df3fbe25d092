import { createHash } from 'node:crypto'
import { RequestSigner } from '../../../lib/remoting/request-signer'
import { signature, signedNames, signedText } from '../../../lib/remoting/signature'
import { RocketMQError } from '../../../lib/errors'
import type { ExtFields } from '../../../lib/wire/remoting-command'

type Input = Record<string, unknown>

const COMBINE_SECRET = '12345678'

const bytesOf = (hex: unknown): Buffer | undefined => (typeof hex === 'string' ? Buffer.from(hex, 'hex') : undefined)

export const ops = {
  calSignature: (input: Input) => ({
    signature: signature(String(input['secretKey']), '', bytesOf(input['dataHex'])),
  }),

  calSignatureAlg: (input: Input) => {
    if (input['algorithm'] !== 'HmacSHA1') throw new RocketMQError('INVALID_ARGUMENT', 'there is no other algorithm')
    return ops.calSignature(input)
  },

  /** Java tells nothing from nothing: without fields it gives the body, be it null. */
  combine: (input: Input) => {
    const fields = input['extFields'] as ExtFields
    const body = bytesOf(input['bodyHex'])
    const text = signedText(fields, signedNames(fields))
    if (text === '' && body === undefined) return { contentHex: null, signature: null }
    const content = Buffer.concat([Buffer.from(text), body ?? Buffer.alloc(0)])
    return { contentHex: content.toString('hex'), signature: signature(COMBINE_SECRET, text, body) }
  },

  hook: (input: Input) => {
    const { accessKey, secretKey, securityToken } = input as {
      accessKey: string
      secretKey: string
      securityToken: unknown
    }
    const token = typeof securityToken === 'string' ? { securityToken } : {}
    const given = Object.entries(input['fields'] as object).map(([name, value]) => [name, String(value)])
    const body = bytesOf(input['bodyHex'])
    const content = { code: Number(input['code']), extFields: Object.fromEntries(given) as ExtFields, body }
    const signer = new RequestSigner({ accessKey, secretKey, ...token })
    const { extFields = {} } = signer.sign(content, 'JSON')
    const text = signedText(extFields, signedNames(extFields))
    return { signature: extFields['Signature'], content: plain(text, body), extFields: { ...extFields } }
  },
}

function plain(text: string, body: Buffer = Buffer.alloc(0)): unknown {
  const bytes = Buffer.concat([Buffer.from(text), body])
  if (bytes.length <= 512) return { length: bytes.length, hex: bytes.toString('hex') }
  return { length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
