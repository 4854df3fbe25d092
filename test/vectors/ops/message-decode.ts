import { plainMessage, readableMessages } from '../plain-message'

export const ops = {
  decodes: async (input: Record<string, unknown>) => {
    const messages = await readableMessages(Buffer.from(String(input['bufferHex']), 'hex'))
    return { messages: messages.map(plainMessage) }
  },
}

export const fields = { decodes: { in: ['what', 'bufferHex'], out: ['messages'] } }
