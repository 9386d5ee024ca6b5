"""Layers. Names are loaded when they are first used."""
from __future__ import annotations

from ..._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "keras.layers.activations.activation": "Activation",
    "keras.layers.activations.elu": "ELU",
    "keras.layers.activations.leaky_relu": "LeakyReLU",
    "keras.layers.activations.prelu": "PReLU",
    "keras.layers.activations.relu": "ReLU",
    "keras.layers.activations.softmax": "Softmax",
    "keras.layers.attention.attention": "AdditiveAttention Attention",
    "keras.layers.attention.multi_head_attention": "MultiHeadAttention",
    "keras.layers.convolutional.conv": "Conv1D Conv2D Conv3D Convolution1D=Conv1D Convolution2D=Conv2D "
        "Convolution3D=Conv3D",
    "keras.layers.convolutional.conv_transpose": "Conv1DTranspose Conv2DTranspose Conv3DTranspose "
        "Convolution1DTranspose=Conv1DTranspose Convolution2DTranspose=Conv2DTranspose "
        "Convolution3DTranspose=Conv3DTranspose",
    "keras.layers.convolutional.depthwise": "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D "
        "SeparableConvolution1D=SeparableConv1D SeparableConvolution2D=SeparableConv2D",
    "keras.layers.core.dense": "Dense",
    "keras.layers.core.einsum_dense": "EinsumDense",
    "keras.layers.core.identity": "Identity",
    "keras.layers.core.input_layer": "Input InputLayer",
    "keras.layers.core.lambda_layer": "Lambda",
    "keras.layers.core.masking": "Masking",
    "keras.layers.core.wrapper": "Wrapper",
    "keras.layers.embedding": "Embedding",
    "keras.layers.images.center_crop": "CenterCrop",
    "keras.layers.images.random_crop": "RandomCrop",
    "keras.layers.images.random_flip": "RandomFlip",
    "keras.layers.images.random_light": "RandomBrightness RandomContrast",
    "keras.layers.images.random_rotation": "RandomRotation",
    "keras.layers.images.random_translation": "RandomTranslation",
    "keras.layers.images.random_zoom": "RandomZoom",
    "keras.layers.images.resizing": "Resizing",
    "keras.layers.input_spec": "InputSpec",
    "keras.layers.layer": "Layer",
    "keras.layers.merging.concatenate": "Concatenate",
    "keras.layers.merging.dot": "Dot",
    "keras.layers.merging.elementwise": "Add Average Maximum Minimum Multiply Subtract",
    "keras.layers.merging.functions": "add average concatenate dot maximum minimum multiply subtract",
    "keras.layers.normalization.batch_normalization": "BatchNormalization",
    "keras.layers.normalization.group_normalization": "GroupNormalization",
    "keras.layers.normalization.layer_normalization": "LayerNormalization",
    "keras.layers.normalization.rms_normalization": "RMSNormalization",
    "keras.layers.normalization.unit_normalization": "UnitNormalization",
    "keras.layers.pooling.whole": "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
        "GlobalAvgPool1D=GlobalAveragePooling1D GlobalAvgPool2D=GlobalAveragePooling2D "
        "GlobalAvgPool3D=GlobalAveragePooling3D GlobalMaxPool1D=GlobalMaxPooling1D GlobalMaxPool2D=GlobalMaxPooling2D "
        "GlobalMaxPool3D=GlobalMaxPooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D",
    "keras.layers.pooling.windowed": "AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D=AveragePooling1D "
        "AvgPool2D=AveragePooling2D AvgPool3D=AveragePooling3D MaxPool1D=MaxPooling1D MaxPool2D=MaxPooling2D "
        "MaxPool3D=MaxPooling3D MaxPooling1D MaxPooling2D MaxPooling3D",
    "keras.layers.preprocessing.category_encoding": "CategoryEncoding",
    "keras.layers.preprocessing.discretization": "Discretization",
    "keras.layers.preprocessing.hashing": "HashedCrossing Hashing",
    "keras.layers.preprocessing.lookups": "IntegerLookup StringLookup",
    "keras.layers.preprocessing.normalization": "Normalization",
    "keras.layers.preprocessing.rescaling": "Rescaling",
    "keras.layers.preprocessing.text_vectorization": "TextVectorization",
    "keras.layers.recurrent.bidirectional": "Bidirectional",
    "keras.layers.recurrent.gru": "GRU GRUCell",
    "keras.layers.recurrent.lstm": "LSTM LSTMCell",
    "keras.layers.recurrent.rnn": "RNN",
    "keras.layers.recurrent.simple_rnn": "SimpleRNN SimpleRNNCell",
    "keras.layers.recurrent.stacked": "StackedRNNCells",
    "keras.layers.recurrent.time_distributed": "TimeDistributed",
    "keras.layers.regularization.activity_regularization": "ActivityRegularization",
    "keras.layers.regularization.alpha_dropout": "AlphaDropout",
    "keras.layers.regularization.dropout": "Dropout",
    "keras.layers.regularization.gaussian_noise": "GaussianDropout GaussianNoise",
    "keras.layers.regularization.spatial_dropout": "SpatialDropout1D SpatialDropout2D SpatialDropout3D",
    "keras.layers.reshaping.edges": "Cropping1D Cropping2D Cropping3D ZeroPadding1D ZeroPadding2D ZeroPadding3D",
    "keras.layers.reshaping.flatten": "Flatten",
    "keras.layers.reshaping.permute": "Permute",
    "keras.layers.reshaping.repeat_vector": "RepeatVector",
    "keras.layers.reshaping.reshape": "Reshape",
    "keras.layers.reshaping.up_sampling": "UpSampling1D UpSampling2D UpSampling3D",
    "keras.layers.serialization": "deserialize serialize",
})
