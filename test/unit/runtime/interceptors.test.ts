import { type Interceptor, checkedInterceptors, runInterceptors } from '../../../lib/runtime/interceptors'

type Named = Interceptor<string[], string>

/** Notes when it is entered and left. */
const noting =
  (name: string): Named =>
  async (notes, next) => {
    notes.push(`${name} before`)
    const result = await next()
    notes.push(`${name} after`)
    return `${name}(${result})`
  }

describe('checkedInterceptors', () => {
  it('takes a list of functions, and none for an empty one', () => {
    const list = [noting('a')]
    expect(checkedInterceptors(list)).toEqual(list)
    expect(checkedInterceptors(undefined)).toEqual([])
  })

  it('heeds no change that is made to the list later', () => {
    const list = [noting('a')]
    const checked = checkedInterceptors(list)
    list.push(noting('b'))
    expect(checked).toHaveLength(1)
  })

  it.each([[[5]], ['text'], [() => undefined], [{}]])('refuses %p', given => {
    expect(() => checkedInterceptors(given as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('interceptors') }),
    )
  })
})

describe('runInterceptors', () => {
  it('runs the first one outermost, and the step innermost', async () => {
    const notes: string[] = []
    const step = async (): Promise<string> => {
      notes.push('step')
      return 'done'
    }
    await expect(runInterceptors([noting('a'), noting('b')], notes, step)).resolves.toBe('a(b(done))')
    expect(notes).toEqual(['a before', 'b before', 'step', 'b after', 'a after'])
  })

  it('runs the step alone where there are none', async () => {
    await expect(runInterceptors<string[], string>([], [], async () => 'done')).resolves.toBe('done')
  })

  it('runs the step once, however often next is called', async () => {
    const twice: Named = async (_, next) => {
      await next()
      return next()
    }
    const step = jest.fn(async () => 'done')
    await expect(runInterceptors([twice], [], step)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    expect(step).toHaveBeenCalledTimes(1)
  })

  it('rejects where an interceptor throws at once', async () => {
    const thrower: Named = () => {
      throw new Error('no')
    }
    const step = jest.fn(async () => 'done')
    await expect(runInterceptors([thrower], [], step)).rejects.toThrow('no')
    expect(step).not.toHaveBeenCalled()
  })

  it('rejects where the step throws at once', async () => {
    const step = (): never => {
      throw new Error('no')
    }
    await expect(runInterceptors([noting('a')], [], step)).rejects.toThrow('no')
  })
})
