/// Raw text in, token shards out: corpus, cleaning, byte-level byte-pair encoding.
module torrefy.tokenizer {
    requires torrefy.core;
    requires tools.jackson.core;

    exports torrefy.tokenizer;
    exports torrefy.tokenizer.corpus;
}
