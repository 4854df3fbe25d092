import fc from '../../../support/property'
import { javaDouble, javaInteger } from '../../../../lib/emulator/sql92/java-number'

describe('javaInteger', () => {
  it.each([
    ['5', 5n],
    ['+5', 5n],
    ['-0', 0n],
    ['007', 7n],
    ['2147483647', 2_147_483_647n],
    ['-2147483648', -2_147_483_648n],
    [`${'0'.repeat(100)}1`, 1n],
    ['٣٤५', 345n],
    ['１２', 12n],
  ])('reads %j as 32 bits', (text, value) => {
    expect(javaInteger(text, 'int')).toBe(value)
  })

  it.each(['', '+', ' 5', '5 ', '5L', '5.0', '0x5', '1e3', '--5', '2147483648', '-2147483649', '𝟛', '5\n'])(
    'refuses %j as 32 bits',
    text => {
      expect(javaInteger(text, 'int')).toBeUndefined()
    },
  )

  it('reads every 64-bit integer, and none beyond', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
        expect(javaInteger(String(value), 'long')).toBe(value)
      }),
    )
    for (const beyond of ['9223372036854775808', '-9223372036854775809', '9'.repeat(30_000)])
      expect(javaInteger(beyond, 'long')).toBeUndefined()
  })

  it('is through with a million zeros at once, whatever follows them', () => {
    const zeros = '0'.repeat(1_000_000)
    expect([javaInteger(`${zeros}x`, 'int'), javaInteger(zeros, 'int')]).toEqual([undefined, 0n])
  })
})

describe('javaDouble', () => {
  it.each([
    ['5', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['-1.5e3', -1500],
    ['+1E-2', 0.01],
    [' 7.5f\t', 7.5],
    ['1d', 1],
    ['1e400', Infinity],
    ['NaN', NaN],
    ['-NaN', NaN],
    ['-Infinity', -Infinity],
    ['0x1.8p3', 12],
    ['-0x.8P1', -1],
    ['0x10p-4F', 1],
    ['-0', -0],
  ])('reads %j', (text, value) => {
    expect(javaDouble(text)).toBe(value)
  })

  it.each(['', '.', '5L', '1e', 'e5', 'nan', 'infinity', '0x', '0x1', '0xp1', '1_000', '٣', '5 5', '\u00a05'])(
    'refuses %j',
    text => {
      expect(javaDouble(text)).toBeUndefined()
    },
  )

  it('reads what Java and JavaScript write of a number', () => {
    fc.assert(fc.property(fc.double(), value => expect(javaDouble(String(value))).toBe(value + 0)))
  })
})
