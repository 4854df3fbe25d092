import { localState } from '../../../../lib/producer/transaction/local-state'

describe('the state of a local transaction', () => {
  it.each(['COMMIT_MESSAGE', 'ROLLBACK_MESSAGE', 'UNKNOW'] as const)('%s is what the listener tells', async state => {
    expect(await localState(() => state)).toEqual({ state })
    expect(await localState(async () => state)).toEqual({ state })
  })

  it('is not known where the listener throws or rejects, and the error is kept', async () => {
    const error = new Error('no database')
    const thrown = (): never => {
      throw error
    }
    expect(await localState(thrown)).toEqual({ state: 'UNKNOW', error })
    expect(await localState(() => Promise.reject(error))).toEqual({ state: 'UNKNOW', error })
  })

  it.each([undefined, 'COMMIT', 3])('is not known where the listener returns %p', async returned => {
    const { state, error } = await localState(() => returned as never)
    expect(state).toBe('UNKNOW')
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(String(returned)) })
  })
})
