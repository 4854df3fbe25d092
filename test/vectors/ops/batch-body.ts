import { decodeBatchBody, encodeBatchBody } from '../../../lib/wire/batch-body'
import { appendProperty, decodeProperties } from '../../../lib/wire/properties'

interface VectorMessage {
  readonly flag: number
  readonly bodyHex: string
  readonly properties: readonly (readonly [string, string | null])[]
}

export const ops = {
  encodeMessages: (input: Record<string, unknown>) => {
    const entries = (input['messages'] as VectorMessage[]).map(({ flag, bodyHex, properties }) => ({
      flag,
      body: Buffer.from(bodyHex, 'hex'),
      properties: properties.reduce(
        (text, [name, value]) => (value === null ? text : appendProperty(text, name, value)),
        '',
      ),
    }))
    const encoded = encodeBatchBody(entries)
    const decoded = decodeBatchBody(encoded).map(({ flag, body, properties }) => ({
      flag,
      bodyHex: Buffer.from(body).toString('hex'),
      properties: { ...decodeProperties(properties) },
    }))
    return { bodyHex: encoded.toString('hex'), decoded }
  },
}

export const fields = { encodeMessages: { in: ['messages'], out: ['bodyHex', 'decoded'] } }
