/// Raw text in, token shards out: corpus, cleaning, byte-level byte-pair encoding.
module torrefy.tokenizer {
    requires torrefy.core;
    requires tools.jackson.core;
    requires com.github.luben.zstd_jni;
    requires jwarc;
    requires org.apache.commons.compress;
    requires org.jsoup;

    exports torrefy.tokenizer;
    exports torrefy.tokenizer.corpus;
    exports torrefy.tokenizer.corpus.build;
    exports torrefy.tokenizer.corpus.clean;
    exports torrefy.tokenizer.corpus.dedup;
    exports torrefy.tokenizer.corpus.filter;
    exports torrefy.tokenizer.corpus.pack;
    exports torrefy.tokenizer.corpus.read;
}
