import { readMicroOptions } from '../../../bench/micro/options'
import { SUBJECT_NAMES } from '../../../bench/micro/subjects'

describe('the options of the microbenchmarks', () => {
  it('measures everything of this build unless told otherwise', () => {
    expect(readMicroOptions([])).toEqual({ subjects: SUBJECT_NAMES, library: undefined, json: false })
  })

  it('measures what is named, of another build', () => {
    const options = readMicroOptions(['frames', 'channel', '--library', '/other', '--json'])
    expect(options).toEqual({ subjects: ['frames', 'channel'], library: '/other', json: true })
  })

  it.each([
    [['toString'], 'there is no toString to measure'],
    [['--library'], 'library'],
    [['--unknown'], 'unknown'],
  ])('refuses %j', (args, says) => {
    expect(() => readMicroOptions(args)).toThrow(says)
  })
})
