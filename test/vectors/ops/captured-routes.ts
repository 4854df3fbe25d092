import { expectCaptured, expectRewritable } from '../captured-body'
import { decodeWholeFrame, readFrame } from '../plain-frame'

export const ops = {}

export const checks = {
  exchange: async (input: Record<string, unknown>, out: Record<string, unknown>) => {
    expectRewritable(decodeWholeFrame(readFrame(input['requestHex'])))
    if (input['responseHex'] === undefined) expect(out).toEqual({ answer: 'no answer' })
    else await expectCaptured(decodeWholeFrame(readFrame(input['responseHex'])), out)
  },
}

export const fields = { exchange: { in: ['server', 'requestHex', 'responseHex'], out: ['decoded', 'body', 'answer'] } }
