export const load = ({ url }) => ({ time: url.searchParams.get('time') ?? 'noon' });
