/// Programs to run and to read; the quickstart.
module torrefy.examples {
    requires torrefy.core;
    requires torrefy.model;
    requires torrefy.tensor;
    requires torrefy.tokenizer;
    requires info.picocli;
    requires xchart;
    requires java.desktop;
    requires java.management;

    opens torrefy.examples to
            info.picocli;
    opens torrefy.examples.command to
            info.picocli;
}
