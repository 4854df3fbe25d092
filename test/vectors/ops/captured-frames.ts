import { expectCaptured } from '../captured-body'
import { decodeWholeFrame, readFrame } from '../plain-frame'

export const ops = {}

export const checks = {
  captured: async (input: Record<string, unknown>, out: Record<string, unknown>) => {
    await expectCaptured(decodeWholeFrame(readFrame(input['frameHex'])), out)
  },
}

export const fields = {
  captured: { in: ['version', 'peer', 'from', 'kind', 'requestCode', 'frameHex'], out: ['decoded', 'body'] },
}
