import iconv from 'iconv-lite'
import { decodeText, encodeText } from '../../../lib/wire/charset'

describe('text encodings', () => {
  it.each([
    ['utf8', 'e4b8ade69687'],
    ['UTF-8', 'e4b8ade69687'],
    ['gbk', 'd6d0cec4'],
    ['gb18030', 'd6d0cec4'],
    ['big5', 'a4a4a4e5'],
    ['Shift_JIS', '928695b6'],
  ])('%s both ways', (encoding, hex) => {
    expect(encodeText('中文', encoding).toString('hex')).toBe(hex)
    expect(decodeText(Buffer.from(hex, 'hex'), encoding)).toBe('中文')
  })

  it('is UTF-8 unless said otherwise, and takes a plain Uint8Array', () => {
    expect(encodeText('é')).toEqual(Buffer.from([0xc3, 0xa9]))
    expect(decodeText(new Uint8Array([0, 0xc3, 0xa9]).subarray(1))).toBe('é')
    expect(decodeText(new Uint8Array([0, 0xd6, 0xd0]).subarray(1), 'gbk')).toBe('中')
  })

  it('does not ask iconv-lite for UTF-8', () => {
    const [encode, decode] = [jest.spyOn(iconv, 'encode'), jest.spyOn(iconv, 'decode')]
    for (const encoding of ['utf8', 'utf-8', 'UTF-8'])
      expect(decodeText(encodeText('中', encoding), encoding)).toBe('中')
    expect(encode).not.toHaveBeenCalled()
    expect(decode).not.toHaveBeenCalled()
    jest.restoreAllMocks()
  })

  it('names an encoding that is not known', () => {
    expect(() => encodeText('x', 'klingon')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('klingon') }),
    )
    expect(() => decodeText(Buffer.of(1), '')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
