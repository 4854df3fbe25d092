import * as fzstd from 'fzstd'
import * as zlib from 'node:zlib'
import {
  checkZstdEncoder,
  compressZstd,
  inflateZstd,
  inflatesZstdNatively,
  type ZstdCodecs,
  type ZstdEncoder,
} from '../../../lib/wire/zstd'
import { inspectZstdFrames } from '../../../lib/wire/zstd-frames'

const CAP = 16_777_216
/** 20 times `a`, as Java writes it. */
const FRAME = Buffer.from('28b52ffd005844000010616101001ec002010000', 'hex')
const byFzstd: ZstdCodecs = { native: undefined, loadFzstd: () => fzstd }
/** As Node's own: it ends with the first frame. */
const nativeByFzstd: ZstdCodecs = {
  native: (body, { maxOutputLength }, callback) => {
    const result = Buffer.from(fzstd.decompress(body))
    if (result.length > maxOutputLength)
      callback(Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' }), result)
    else callback(null, result)
  },
  loadFzstd: () => {
    throw new Error('not needed')
  },
}
const nodes = (zlib as unknown as { zstdDecompress?: ZstdCodecs['native'] }).zstdDecompress
const natives: [string, ZstdCodecs][] = [['a native codec', nativeByFzstd]]
if (nodes !== undefined) natives.push(["Node's codec", { ...nativeByFzstd, native: nodes }])

/** A frame of raw and run-length blocks. */
function frame({
  descriptor = 0,
  window = 0x40,
  blocks,
}: {
  descriptor?: number
  window?: number
  blocks: readonly Block[]
}): Buffer {
  const parts: Buffer[] = blocks.map(({ kind, bytes, size }, i) => {
    const head = (size << 3) | (kind << 1) | (i === blocks.length - 1 ? 1 : 0)
    return Buffer.concat([Buffer.of(head & 0xff, (head >>> 8) & 0xff, head >>> 16), bytes])
  })
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, descriptor, window]), ...parts])
}

interface Block {
  readonly kind: number
  readonly bytes: Buffer
  readonly size: number
}

const raw = (text: string): Block => ({ kind: 0, bytes: Buffer.from(text), size: text.length })
const run = (byte: string, size: number): Block => ({ kind: 1, bytes: Buffer.from(byte), size })

describe('inflateZstd by fzstd', () => {
  it('reads a frame that Java wrote', () => {
    expect(String(inflateZstd(FRAME, CAP, byFzstd))).toBe('a'.repeat(20))
  })

  it('reads frames behind one another and skips those to be skipped', () => {
    const skippable = Buffer.from('502a4d1803000000ffffff', 'hex')
    const body = Buffer.concat([skippable, FRAME, skippable, frame({ blocks: [raw('xyz'), run('b', 5)] })])
    expect(String(inflateZstd(body, CAP, byFzstd))).toBe(`${'a'.repeat(20)}xyzbbbbb`)
  })

  it('is capped', () => {
    const bomb = frame({ blocks: Array.from({ length: 100 }, () => run('x', 131_072)) })
    expect(bomb.length).toBeLessThan(1_000)
    expect(() => inflateZstd(bomb, 1_000_000, byFzstd)).toThrow(/more than 1000000 bytes/)
    expect(inflateZstd(bomb, CAP, byFzstd)).toHaveLength(13_107_200)
  })

  it('refuses every truncation of a frame', () => {
    for (let length = 0; length < FRAME.length; length++) {
      expect(() => inflateZstd(FRAME.subarray(0, length), CAP, byFzstd)).toThrow(
        expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }),
      )
    }
  })

  it('fails with MESSAGE_UNREADABLE or gives other bytes when a byte is changed', () => {
    for (let i = 0; i < FRAME.length * 8; i++) {
      const changed = Buffer.from(FRAME)
      changed[i >>> 3] = (changed[i >>> 3] as number) ^ (1 << (i & 7))
      try {
        expect(inflateZstd(changed, 10_000, byFzstd)).toBeInstanceOf(Buffer)
      } catch (error) {
        expect(error).toMatchObject({ code: 'MESSAGE_UNREADABLE' })
      }
    }
  })

  it('makes no window that is larger than what can come out', () => {
    const huge = frame({ window: 0xa0, blocks: [raw('small')] })
    expect(inspectZstdFrames(huge, CAP).frames[0]?.[5]).toBe(0)
    expect(String(inflateZstd(huge, CAP, byFzstd))).toBe('small')
    expect(huge[5]).toBe(0xa0)
  })

  it('refuses a body of so many blocks that moving the window would take for ever', () => {
    const body = frame({
      window: 0x70,
      blocks: [
        ...Array.from({ length: 127 }, () => run('x', 131_072)),
        ...Array.from({ length: 3_000 }, () => raw('y')),
      ],
    })
    expect(() => inflateZstd(body, CAP, byFzstd)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }))
  })

  it('refuses content that the frame itself says is too large', () => {
    const body = Buffer.concat([
      Buffer.from('28b52ffda0', 'hex'),
      Buffer.from([0, 0, 0, 0x70]),
      Buffer.from('010000', 'hex'),
    ])
    expect(() => inflateZstd(body, CAP, byFzstd)).toThrow(/more than/)
  })

  it.each(['04224d18', '785e4b4cc404004fa60795', '28b52ffd0040070000'])('refuses %s', hex => {
    expect(() => inflateZstd(Buffer.from(hex, 'hex'), CAP, byFzstd)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }),
    )
  })
})

describe.each(natives)('inflateZstd by %s', (_name, codecs) => {
  it('reads all frames, and skips those to be skipped', async () => {
    const skippable = Buffer.from('502a4d1803000000ffffff', 'hex')
    const body = Buffer.concat([skippable, FRAME, skippable, FRAME])
    expect(String(await inflateZstd(body, 40, codecs))).toBe('a'.repeat(40))
    expect(await inflateZstd(skippable, 40, codecs)).toHaveLength(0)
  })

  it('is capped, over all frames', async () => {
    await expect((async () => inflateZstd(FRAME, 19, codecs))()).rejects.toThrow(/more than 19 bytes/)
    await expect((async () => inflateZstd(Buffer.concat([FRAME, FRAME]), 39, codecs))()).rejects.toThrow(/more than/)
    await expect((async () => inflateZstd(Buffer.concat([FRAME, FRAME]), 20, codecs))()).rejects.toThrow(/more than/)
  })

  it('refuses every truncation of a frame', async () => {
    for (let length = 0; length < FRAME.length; length++) {
      await expect((async () => inflateZstd(FRAME.subarray(0, length), CAP, codecs))()).rejects.toMatchObject({
        code: 'MESSAGE_UNREADABLE',
      })
    }
  })
})

describe('inflateZstd', () => {
  it('refuses a body of very many frames', () => {
    const empty = frame({ blocks: [raw('')] })
    expect(() => inflateZstd(Buffer.concat(Array<Buffer>(65).fill(empty)), CAP, byFzstd)).toThrow(/more than 64 frames/)
    expect(inflateZstd(Buffer.concat(Array<Buffer>(64).fill(empty)), CAP, byFzstd)).toHaveLength(0)
  })

  it('names the cure where there is no codec', () => {
    const none: ZstdCodecs = {
      native: undefined,
      loadFzstd: () => {
        throw new Error("Cannot find module 'fzstd'")
      },
    }
    expect(() => inflateZstd(FRAME, CAP, none)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_BY_RUNTIME',
        message: expect.stringMatching(/22\.15.*fzstd/),
        cause: expect.any(Error),
      }),
    )
  })

  it('prefers the codec of Node.js and hands the cap to it', async () => {
    const asked: number[] = []
    const native: ZstdCodecs['native'] = (body, { maxOutputLength }, callback) => {
      asked.push(maxOutputLength)
      callback(null, Buffer.from(`native ${body.length}`))
    }
    expect(String(await inflateZstd(FRAME, 77, { ...byFzstd, native }))).toBe(`native ${FRAME.length}`)
    expect(asked).toEqual([77])
  })

  it.each([
    [Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' }), /more than 77 bytes/],
    [new Error('Unknown frame descriptor'), /cannot be inflated/],
  ])('turns its errors into MESSAGE_UNREADABLE', async (error, message) => {
    const native: ZstdCodecs['native'] = (_body, _options, callback) => callback(error, Buffer.alloc(0))
    await expect(inflateZstd(FRAME, 77, { ...byFzstd, native })).rejects.toMatchObject({
      code: 'MESSAGE_UNREADABLE',
      message: expect.stringMatching(message),
    })
  })

  it('works in this process, with whichever codec it has', async () => {
    expect(String(await inflateZstd(FRAME, CAP))).toBe('a'.repeat(20))
  })
})

describe('compressZstd', () => {
  it('asks node:zlib for the level', async () => {
    const asked: unknown[] = []
    const encoder: ZstdEncoder = {
      levelParameter: 100,
      compress: (body, options, callback) => {
        asked.push(options)
        if (body.length === 0) callback(new Error('empty'), FRAME)
        else callback(null, FRAME)
      },
    }
    expect(checkZstdEncoder(encoder)).toBe(encoder)
    expect(await compressZstd(Buffer.from('a'), 7, encoder)).toEqual(FRAME)
    expect(asked).toEqual([{ params: { 100: 7 }, chunkSize: expect.any(Number) }])
    await expect(compressZstd(Buffer.alloc(0), 7, encoder)).rejects.toThrow('empty')
  })

  const hasZstd = inflatesZstdNatively()
  ;(hasZstd ? it.skip : it)('is refused where Node.js lacks it', async () => {
    const refused = { code: 'UNSUPPORTED_BY_RUNTIME', message: expect.stringContaining(process.version) }
    await expect(compressZstd(Buffer.from('a'), 5)).rejects.toMatchObject(refused)
  })

  ;(hasZstd ? it : it.skip)('writes what fzstd reads', async () => {
    const body = Buffer.from('order;'.repeat(100))
    expect(inflateZstd(await compressZstd(body, 5), CAP, byFzstd)).toEqual(body)
  })
})
