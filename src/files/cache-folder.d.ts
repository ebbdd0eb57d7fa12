export declare function cacheFolder(beside?: string, temporary?: string): string;
