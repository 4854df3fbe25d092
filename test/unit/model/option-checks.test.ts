import {
  type OptionNames,
  checkOptions,
  checkedFlag,
  checkedPart,
  checkedText,
  without,
} from '../../../lib/model/option-checks'

interface Options {
  readonly one?: number
  readonly two?: string
}

const NAMES: OptionNames<Options> = { one: true, two: true }

function refusal(says: string): Error {
  const error = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(says) as string }
  return expect.objectContaining(error) as Error
}

describe('checkOptions', () => {
  it('takes known names, and unknown ones that are undefined', () => {
    for (const options of [{}, { one: 1 }, { one: undefined, two: 'x' }, { three: undefined }])
      expect(() => checkOptions(options as Options, NAMES)).not.toThrow()
  })

  it('names the option that does not exist, and those that do', () => {
    expect(() => checkOptions({ tow: 'x' } as Options, NAMES, 'the options of x')).toThrow(
      refusal('the options of x: there is no tow, there are one, two'),
    )
    expect(() => checkOptions({ toString: 1 } as unknown as Options, NAMES)).toThrow(refusal('no toString'))
  })

  it.each([[null], [5], ['text'], [['one']]])('refuses %j, which is no object', given => {
    expect(() => checkOptions(given as Options, NAMES)).toThrow(refusal('the options must be an object of: one, two'))
  })
})

describe('without', () => {
  it('leaves some options out, and the given object alone', () => {
    const options = { one: 1, two: 'x' }
    expect(without(options, ['two'])).toEqual({ one: 1 })
    expect(options).toEqual({ one: 1, two: 'x' })
  })
})

describe('the checks of single options', () => {
  it('take what is left out', () => {
    expect([checkedFlag('f', undefined, true), checkedText('t', undefined), checkedPart('p', undefined, [])]).toEqual([
      true,
      undefined,
      undefined,
    ])
  })

  it('refuse other types, without what objects hold', () => {
    expect(() => checkedFlag('f', 'no' as never, true)).toThrow(refusal("f is 'no'; it must be true or false"))
    expect(() => checkedText('t', { secret: 's' } as never)).toThrow(refusal('t is an object; it must be text'))
    expect(() => checkedPart('p', 5 as unknown as Date, ['getTime'])).toThrow(
      refusal('p must be an object with the methods getTime'),
    )
    expect(() => checkedPart('p', {} as Date, ['getTime'])).toThrow(refusal('getTime'))
    expect(checkedPart('p', new Date(0), ['getTime'])).toEqual(new Date(0))
  })
})
