import { formatMicro } from '../../../bench/micro/micro-result'

const FIGURES = { leastNsPerOp: 1, rme: 1.25, samples: 10, bytesPerSecond: undefined, allocatedPerOp: undefined }

describe('the table of the microbenchmarks', () => {
  it('has a line for each case, with bytes where it is about bytes', () => {
    const text = formatMicro({
      kind: 'micro',
      cases: [
        { subject: 'frames', name: 'read', ...FIGURES, nsPerOp: 1234.5, bytesPerSecond: 2e9, allocatedPerOp: 100.4 },
        { subject: 'selectors', name: 'in turn', ...FIGURES, nsPerOp: 9.44 },
      ],
    })
    expect(text).toMatch(/^frames +read +1,235 +±1\.3 % +2,000 +100$/m)
    expect(text).toMatch(/^selectors +in turn +9\.4 +±1\.3 % *$/m)
  })

  it('says what was not measured, and why', () => {
    const text = formatMicro({ kind: 'micro', cases: [{ subject: 'codecs', name: 'ZSTD', notMeasured: 'no ZSTD' }] })
    expect(text).toContain('codecs, ZSTD: not measured: no ZSTD')
  })
})
