// Runs in the helper thread of a synchronous call.
export default async (url: string): Promise<string> => (await fetch(url)).text();
